----------------------------- MODULE ShardSplit -----------------------------
(* The moving keys of one split: who accepts writes of them, and who has their rows, through copy, cut-over, giving up, rollback and
   finishing, with any number of operators. What an operator once read it may act on at any later time: commands are delayed and
   sent again. Each database stands for a shard whose own failover keeps what it acknowledged (ShardFailover), but may lose a stream's
   slot. Rules that mutants weaken have names of their own. *)
EXTENDS Naturals, FiniteSets, Sequences

CONSTANTS MaxVersion, MaxWrites, MaxCopies, MaxLosses

DB == {"source", "target"}
Other(d) == IF d = "source" THEN "target" ELSE "source"

VARIABLES
  map,      \* [v |-> version, owner |-> DB, final |-> BOOLEAN], changed by compare-and-set
  known,    \* the history of the map: what any operator may have read
  guard,    \* of each database: [v |-> version that it implements, st |-> "open" | "frozen" | "sealed" | "closed"], durable
  rows,     \* of each database: the writes whose rows it has
  log,      \* of each database: the writes that it accepted itself, in order
  stream,   \* from each database to the other: "none" | "up" | "lost", when a failover has lost its slot
  at,       \* of each stream: how many of the database's own writes are before its position
  copying,  \* of each database: its rows are being replaced by a copy of the other's
  verified, \* of each database: its copy was compared with the other's rows
  ready,    \* versions of which some operator has seen that the cut-over may be made
  n, copies, losses
vars == <<map, known, guard, rows, log, stream, at, copying, verified, ready, n, copies, losses>>

First == [v |-> 1, owner |-> "source", final |-> FALSE]

Init ==
  /\ map = First /\ known = {First}
  /\ guard = [d \in DB |-> [v |-> 1, st |-> IF d = "source" THEN "open" ELSE "closed"]]
  /\ rows = [d \in DB |-> {}] /\ log = [d \in DB |-> <<>>]
  /\ stream = [d \in DB |-> "none"] /\ at = [d \in DB |-> 0]
  /\ copying = [d \in DB |-> FALSE] /\ verified = [d \in DB |-> FALSE]
  /\ ready = {} /\ n = 0 /\ copies = 0 /\ losses = 0

\* ---- What happens by itself

\* A client with any map, old or new.
Write(d) ==
  /\ guard[d].st = "open" /\ n < MaxWrites
  /\ n' = n + 1 /\ rows' = [rows EXCEPT ![d] = @ \cup {n + 1}] /\ log' = [log EXCEPT ![d] = Append(@, n + 1)]
  /\ UNCHANGED <<map, known, guard, stream, at, copying, verified, ready, copies, losses>>

\* Logical replication of what a database accepted itself.
Apply(d) ==
  /\ stream[d] = "up" /\ ~copying[Other(d)] /\ at[d] < Len(log[d])
  /\ at' = [at EXCEPT ![d] = @ + 1]
  /\ rows' = [rows EXCEPT ![Other(d)] = @ \cup {log[d][at[d] + 1]}]
  /\ UNCHANGED <<map, known, guard, log, stream, copying, verified, ready, n, copies, losses>>

\* A failover loses the slot.
LoseSlot(d) ==
  /\ stream[d] = "up" /\ losses < MaxLosses
  /\ losses' = losses + 1 /\ stream' = [stream EXCEPT ![d] = "lost"]
  /\ UNCHANGED <<map, known, guard, rows, log, at, copying, verified, ready, n, copies>>

\* ---- The guard. A database decides in one transaction, under a lock that no writer can hold.

Newer(o, d) == o.v > guard[d].v

\* What a version of the map asks for.
Implement(o, d) ==
  /\ Newer(o, d)
  /\ guard' = [guard EXCEPT ![d] = [v |-> o.v, st |-> IF d = o.owner THEN "open" ELSE "closed"]]
  /\ UNCHANGED <<map, known, rows, log, stream, at, copying, verified, ready, n, copies, losses>>

\* To end a version: only a new one thaws.
Freeze(o) ==
  /\ ~o.final /\ (Newer(o, o.owner) \/ (o.v = guard[o.owner].v /\ guard[o.owner].st = "open"))
  /\ guard' = [guard EXCEPT ![o.owner] = [v |-> o.v, st |-> "frozen"]]
  /\ UNCHANGED <<map, known, rows, log, stream, at, copying, verified, ready, n, copies, losses>>

\* Whoever is to have the keys is not copied over from then on, and its own stream is there already, from before its first write.
MaySeal(d) == stream[d] = "up"
Seal(o) == LET d == Other(o.owner) IN
  /\ ~o.final /\ MaySeal(d)
  /\ o.v >= guard[d].v /\ (o.v = guard[d].v => guard[d].st = "closed")
  /\ guard' = [guard EXCEPT ![d] = [v |-> o.v, st |-> "sealed"]]
  /\ UNCHANGED <<map, known, rows, log, stream, at, copying, verified, ready, n, copies, losses>>

\* ---- The copy. A stream that was lost is never begun anew alone: what was written meanwhile would be missing.

\* Rows are replaced only where nobody can have written since the version that the copy is for.
MayReplace(o, d) == guard[d].st = "closed" /\ guard[d].v <= o.v
\* What is deleted here must not be deleted there: its own stream is taken down first.
Silent(d) == stream[d] # "up"
Carried(d) == IF stream[d] = "up" THEN {} ELSE rows[Other(d)]
BeginCopy(o) == LET d == Other(o.owner) IN
  /\ ~o.final /\ copies < MaxCopies /\ ~copying[d] /\ stream[o.owner] # "up"
  /\ MayReplace(o, d) /\ Silent(d)
  /\ copies' = copies + 1 /\ copying' = [copying EXCEPT ![d] = TRUE] /\ verified' = [verified EXCEPT ![d] = FALSE]
  /\ rows' = [rows EXCEPT ![d] = {}, ![o.owner] = Carried(d)]
  /\ UNCHANGED <<map, known, guard, log, stream, at, ready, n, losses>>

\* The copy has the rows of one moment, from which on the stream has the changes. It may be wrong: nobody trusts it unseen.
EndCopy(d) ==
  /\ copying[d] /\ copying' = [copying EXCEPT ![d] = FALSE]
  /\ \E wrong \in SUBSET rows[Other(d)] :
       /\ Cardinality(wrong) <= 1 /\ rows' = [rows EXCEPT ![d] = rows[Other(d)] \ wrong]
  /\ stream' = [stream EXCEPT ![Other(d)] = "up"] /\ at' = [at EXCEPT ![Other(d)] = Len(log[Other(d)])]
  /\ UNCHANGED <<map, known, guard, log, verified, ready, n, copies, losses>>

\* At one position of the log: all that came before it is on both sides.
Same(d) == rows[d] = rows[Other(d)] \ {log[Other(d)][i] : i \in (at[Other(d)] + 1)..Len(log[Other(d)])}
Verify(d) ==
  /\ ~copying[d] /\ stream[Other(d)] = "up" /\ ~verified[d] /\ Same(d)
  /\ verified' = [verified EXCEPT ![d] = TRUE]
  /\ UNCHANGED <<map, known, guard, rows, log, stream, at, copying, ready, n, copies, losses>>

\* The way back, of a database that accepts nothing and has been copied: it has nothing that the other lacks.
MayMakeReverse(d) == guard[d].st = "closed"
MakeReverse(d) ==
  /\ stream[d] # "up" /\ MayMakeReverse(d) /\ ~copying[d]
  /\ stream' = [stream EXCEPT ![d] = "up"] /\ at' = [at EXCEPT ![d] = Len(log[d])]
  /\ UNCHANGED <<map, known, guard, rows, log, copying, verified, ready, n, copies, losses>>

\* Before the rows of a side that accepts nothing are replaced.
Mute(d) ==
  /\ stream[d] # "none" /\ guard[d].st = "closed"
  /\ stream' = [stream EXCEPT ![d] = "none"]
  /\ UNCHANGED <<map, known, guard, rows, log, at, copying, verified, ready, n, copies, losses>>

\* ---- The map

Applied(o) == at[o.owner] = Len(log[o.owner]) /\ stream[o.owner] = "up"
Compared(o) == verified[Other(o.owner)]
Observe(o) ==
  /\ guard[o.owner] = [v |-> o.v, st |-> "frozen"] /\ guard[Other(o.owner)] = [v |-> o.v, st |-> "sealed"]
  /\ Applied(o) /\ Compared(o)
  /\ ready' = ready \cup {o.v} /\ ready' # ready
  /\ UNCHANGED <<map, known, guard, rows, log, stream, at, copying, verified, n, copies, losses>>

Present(v) == map.v = v
Change(owner, final) ==
  /\ map.v < MaxVersion /\ ~map.final
  /\ map' = [v |-> map.v + 1, owner |-> owner, final |-> final] /\ known' = known \cup {map'}
  /\ UNCHANGED <<guard, rows, log, stream, at, copying, verified, ready, n, copies, losses>>

\* Cut-over, and rollback the other way round.
Flip(v) == v \in ready /\ Present(v) /\ Change(Other(map.owner), FALSE)
\* Giving up takes a new version, too.
Abort == Change(map.owner, FALSE)
\* From here on there is no way back, whoever has the keys.
Finish == Change(map.owner, TRUE)

\* ---- Cleaning up: of the side that does not have the keys, once that is final

Drop(o, d) ==
  /\ o.final /\ stream[d] # "none"
  /\ (d = o.owner \/ guard[d].v >= o.v)
  /\ stream' = [stream EXCEPT ![d] = "none"]
  /\ UNCHANGED <<map, known, guard, rows, log, at, copying, verified, ready, n, copies, losses>>

MayPrune(o, d) == o.final /\ d # o.owner /\ guard[d].v >= o.v
Prune(o, d) ==
  /\ d # o.owner /\ MayPrune(o, d) /\ Silent(d) /\ rows[d] # {}
  /\ rows' = [rows EXCEPT ![d] = {}, ![Other(d)] = Carried(d)]
  /\ UNCHANGED <<map, known, guard, log, stream, at, copying, verified, ready, n, copies, losses>>

Next ==
  \/ \E d \in DB : Write(d) \/ Apply(d) \/ LoseSlot(d) \/ EndCopy(d) \/ Verify(d) \/ MakeReverse(d) \/ Mute(d)
  \/ \E o \in known : Freeze(o) \/ Seal(o) \/ BeginCopy(o) \/ Observe(o)
  \/ \E o \in known, d \in DB : Implement(o, d) \/ Drop(o, d) \/ Prune(o, d)
  \/ \E v \in 1..MaxVersion : Flip(v)
  \/ Abort \/ Finish
Spec == Init /\ [][Next]_vars

\* I4: one database accepts a key.
OneOwner == Cardinality({d \in DB : guard[d].st = "open"}) <= 1
\* I5, I6: it has every write that was ever accepted, and no row less.
NothingLost == \A d \in DB : guard[d].st = "open" => rows[d] = 1..n
\* I6: until the split is finished, what the target accepts flows back, or is copied back.
WayBack == (guard["target"].st = "open" /\ ~map.final) => stream["target"] # "none"
=============================================================================
