--------------------------- MODULE ShardFailover ---------------------------
(* One shard: instances with durable logs and promises, any number of operators that act through compare-and-set on the
   recorded status, and messages that are delayed without bound, repeated or lost: a command, once its cause exists, may
   arrive at any later moment, or never. An instance that is down or cut off is one that takes no step.

   Durable       a write that was acknowledged, however late, is in the log of every later primary; but for writes that
                 were acknowledged while no standby had to confirm them (k = 0, recorded before)
   ReadDurable   what a client could read on an open primary is in the log of every later primary
   NoLateWrite   a write that began on a primary after a newer one was promoted is never acknowledged
   OnePerTerm    at most one primary in a term

   The rules that the proof rests on stand alone (Quorum, FarEnough, NewSets, ...), so that a model can replace each by a
   weaker one: ShardFailoverMutants. Leases are the matter of ShardLease. *)
EXTENDS Naturals, FiniteSets, Sequences, TLC

CONSTANTS
  Node,        \* instances of the shard
  K,           \* confirmations that a commit waits for
  Preferred,   \* whether k may be lowered, to 0 too
  MaxTerm, MaxWrites, MaxSeq, MaxLosses,    \* bounds of the model: terms, writes, set changes in a term, lost volumes
  None

VARIABLES
  term, primary, syncs, seq, electing,      \* the record: changed by compare-and-set
  promised, role, pt, log, data,            \* an instance, durable: promise, role, term as primary, log; is its data whole
  following, fterm,                         \* whom a standby streams from, in which term
  eff, lseq, base, open,                    \* a primary: sets in effect, sequence, log end it started with, open for clients
  decided, replied,                         \* by term: what was decided; whose revocation the operator has seen
  conf, cmds, done,                         \* confirmed positions by term and standby; set changes sent; applied at which position
  acked, weak, seen, promotedTerms, writes, losses   \* history

record   == <<term, primary, syncs, seq, electing>>
standby  == <<following, fterm>>
serving  == <<eff, lseq, base, open>>
history  == <<acked, weak, seen, promotedTerms, writes, losses>>
messages == <<decided, replied, conf, cmds, done>>
vars     == <<record, promised, role, pt, log, data, standby, serving, messages, history>>

Terms == 1..MaxTerm
Symmetry == Permutations(Node)
Max(S) == CHOOSE x \in S : \A y \in S : y <= x
Min(S) == CHOOSE x \in S : \A y \in S : x <= y
Last(s) == s[Len(s)]
Range(s) == {s[n] : n \in 1..Len(s)}
Prefix(l, n) == {l[m] : m \in 1..n}
LastTerm(l) == IF Len(l) = 0 THEN 0 ELSE Last(l).t
Ahead(a, b) == \/ LastTerm(a) > LastTerm(b)
               \/ LastTerm(a) = LastTerm(b) /\ Len(a) >= Len(b)
IsPrefix(a, b) == Len(a) <= Len(b) /\ SubSeq(b, 1, Len(a)) = a
CommonPrefix(a, b) ==
  LET ns == {n \in 0..Len(a) : n <= Len(b) /\ SubSeq(a, 1, n) = SubSeq(b, 1, n)} IN SubSeq(a, 1, Max(ns))

\* A synchronous set: a commit waits for k of the members s.
Sync(s, k) == [s |-> s, k |-> k]
NoSync == [cur |-> Sync({}, 0), old |-> {}]
Serves(i, t) == role[i] = "primary" /\ pt[i] = t
Confirmed(t, e, n) == Cardinality({j \in e.s : conf[t][j] >= n}) >= e.k

Init ==
  \E p \in Node :
    LET e == Sync(Node \ {p}, K) IN
    /\ term = 1 /\ primary = p /\ syncs = <<e>> /\ seq = 0 /\ electing = FALSE
    /\ promised = [i \in Node |-> 1] /\ role = [i \in Node |-> IF i = p THEN "primary" ELSE "standby"]
    /\ pt = [i \in Node |-> IF i = p THEN 1 ELSE 0] /\ log = [i \in Node |-> <<>>] /\ data = [i \in Node |-> TRUE]
    /\ following = [i \in Node |-> IF i = p THEN None ELSE p] /\ fterm = [i \in Node |-> IF i = p THEN 0 ELSE 1]
    /\ eff = [i \in Node |-> IF i = p THEN [cur |-> e, old |-> {}] ELSE NoSync]
    /\ lseq = [i \in Node |-> 0] /\ base = [i \in Node |-> 0] /\ open = [i \in Node |-> i = p]
    /\ decided = [t \in Terms |-> IF t = 1 THEN [c |-> p, e |-> e] ELSE None] /\ replied = [t \in Terms |-> {}]
    /\ conf = [t \in Terms |-> [i \in Node |-> 0]] /\ cmds = {} /\ done = {}
    /\ acked = {} /\ weak = {} /\ seen = {} /\ promotedTerms = {1} /\ writes = 0 /\ losses = 0

---------------------------------------------------------------------------
(* PostgreSQL *)
Write(i) ==
  /\ role[i] = "primary" /\ open[i] /\ writes < MaxWrites
  /\ writes' = writes + 1
  /\ log' = [log EXCEPT ![i] = Append(@, [t |-> pt[i], v |-> writes + 1, late |-> \E u \in promotedTerms : u > pt[i]])]
  /\ UNCHANGED <<record, promised, role, pt, data, standby, serving, messages, acked, weak, seen, promotedTerms, losses>>

Stream(j) ==
  LET i == following[j] IN
  /\ i # None /\ role[j] = "standby" /\ data[j] /\ Serves(i, fterm[j]) /\ IsPrefix(log[j], log[i])
  /\ LET l == IF Len(log[j]) < Len(log[i]) THEN Append(log[j], log[i][Len(log[j]) + 1]) ELSE log[j] IN
     /\ conf[fterm[j]][j] < Len(l)
     /\ log' = [log EXCEPT ![j] = l] /\ conf' = [conf EXCEPT ![fterm[j]][j] = Len(l)]
  /\ UNCHANGED <<record, promised, role, pt, data, standby, serving, decided, replied, cmds, done, history>>

\* While a change of the set is under way, some processes of the server still go by the one before.
Ack(i) ==
  /\ role[i] = "primary"
  /\ \E n \in 1..Len(log[i]), e \in {eff[i].cur} \cup eff[i].old :
       /\ log[i][n].v > 0 /\ log[i][n] \notin acked /\ log[i][n].t = pt[i]
       /\ Confirmed(pt[i], e, n)
       /\ acked' = acked \cup {log[i][n]}
       /\ weak' = IF e.k = 0 THEN weak \cup {log[i][n]} ELSE weak
  /\ UNCHANGED <<record, promised, role, pt, log, data, standby, serving, messages, seen, promotedTerms, writes, losses>>

\* The server or the whole instance ends and comes back: a primary as the primary of its term, with all of its log, also
\* writes that still wait to be acknowledged, and closed. A standby comes back as what it was.
PromiseAfterRestart(i) == promised[i]
Restart(i) ==
  /\ \/ role[i] = "primary" /\ (open[i] \/ base[i] # Len(log[i]))
     \/ PromiseAfterRestart(i) # promised[i]
  /\ promised' = [promised EXCEPT ![i] = PromiseAfterRestart(i)]
  /\ open' = [open EXCEPT ![i] = FALSE]
  /\ base' = [base EXCEPT ![i] = IF role[i] = "primary" THEN Len(log[i]) ELSE 0]
  /\ eff' = [eff EXCEPT ![i].old = {}]
  /\ UNCHANGED <<record, role, pt, log, data, standby, lseq, messages, history>>

\* The volume comes back empty, its promise with it. A command to an instance without a promise is decided by a record that
\* was read after it was seen so: then no term below the recorded one reaches it any more.
PromiseAfterLoss == term
LoseVolume(i) ==
  /\ losses < MaxLosses /\ data[i] /\ losses' = losses + 1
  /\ data' = [data EXCEPT ![i] = FALSE] /\ log' = [log EXCEPT ![i] = <<>>] /\ promised' = [promised EXCEPT ![i] = PromiseAfterLoss]
  /\ role' = [role EXCEPT ![i] = "standby"] /\ pt' = [pt EXCEPT ![i] = 0]
  /\ following' = [following EXCEPT ![i] = None] /\ fterm' = [fterm EXCEPT ![i] = 0]
  /\ eff' = [eff EXCEPT ![i] = NoSync] /\ lseq' = [lseq EXCEPT ![i] = 0]
  /\ base' = [base EXCEPT ![i] = 0] /\ open' = [open EXCEPT ![i] = FALSE]
  /\ UNCHANGED <<record, messages, acked, weak, seen, promotedTerms, writes>>

---------------------------------------------------------------------------
(* Failover *)
NewTerm ==
  /\ term < MaxTerm
  /\ term' = term + 1 /\ electing' = TRUE
  /\ UNCHANGED <<primary, syncs, seq, promised, role, pt, log, data, standby, serving, messages, history>>

\* Promise, stop what serves a lower term, and only then answer.
FollowingAfterPromise(j) == None
Answers(j) == data[j]
Revoke(t, j) ==
  /\ t <= term /\ decided[t] = None /\ promised[j] < t
  /\ promised' = [promised EXCEPT ![j] = t]
  /\ following' = [following EXCEPT ![j] = FollowingAfterPromise(j)]
  /\ role' = [role EXCEPT ![j] = "standby"] /\ open' = [open EXCEPT ![j] = FALSE]
  /\ eff' = [eff EXCEPT ![j] = NoSync] /\ lseq' = [lseq EXCEPT ![j] = 0] /\ base' = [base EXCEPT ![j] = 0]
  /\ replied' = [replied EXCEPT ![t] = IF Answers(j) THEN @ \cup {j} ELSE @]
  /\ UNCHANGED <<record, pt, log, data, fterm, decided, conf, cmds, done, history>>

Meets(R, e) == Cardinality(R \cap e.s) >= Cardinality(e.s) - e.k + 1
ThroughStandbys(R) == \A e \in Range(syncs) : Meets(R, e)
\* With k = 0 in the record: every set that had to confirm is met; what was acknowledged without confirmation may be lost.
WithLoss(R) == Preferred /\ (\E e \in Range(syncs) : e.k = 0) /\ \A e \in Range(syncs) : e.k > 0 => Meets(R, e)
Quorum(R) == primary \in R \/ ThroughStandbys(R) \/ WithLoss(R)

Recorded == UNION {e.s : e \in Range(syncs)}
\* The old primary's log counts only when nothing else carries the decision.
Needed(R) == (R \cap Recorded) \cup (IF primary \in R /\ ~ThroughStandbys(R) THEN {primary} ELSE {})
FarEnough(c, R) == \A j \in Needed(R) : Ahead(log[c], log[j])

\* What the new primary waits for, after a set of all who may hold what it did not get confirmed yet.
First(c, R) ==
  IF Cardinality(R \ {c}) >= K THEN Sync(R \ {c}, K)
  ELSE IF Preferred THEN Sync(R \ {c}, Cardinality(R \ {c}))
  ELSE Sync(Node \ {c}, K)
Inherited(c) ==
  LET ks == {e.k : e \in {e \in Range(syncs) : e.k > 0}} IN
  IF ks = {} THEN <<>> ELSE <<Sync((Recorded \cup {primary}) \ {c}, Min(ks))>>
NewSets(c, R) == IF Inherited(c) = <<First(c, R)>> THEN <<First(c, R)>> ELSE Append(Inherited(c), First(c, R))

Decide(t, c) ==
  LET R == {j \in replied[t] : Answers(j)} IN
  /\ t = term /\ electing /\ c \in R /\ Quorum(R) /\ FarEnough(c, R)
  /\ decided' = [decided EXCEPT ![t] = [c |-> c, e |-> First(c, R)]]
  /\ primary' = c /\ syncs' = NewSets(c, R) /\ electing' = FALSE /\ seq' = 0
  /\ UNCHANGED <<term, promised, role, pt, log, data, standby, serving, replied, conf, cmds, done, history>>

Promote(t) ==
  /\ t > 1 /\ decided[t] # None
  /\ LET c == decided[t].c IN
     /\ promised[c] = t /\ data[c] /\ pt[c] # t
     /\ role' = [role EXCEPT ![c] = "primary"] /\ pt' = [pt EXCEPT ![c] = t]
     /\ log' = [log EXCEPT ![c] = Append(@, [t |-> t, v |-> 0, late |-> FALSE])]
     /\ eff' = [eff EXCEPT ![c] = [cur |-> decided[t].e, old |-> {}]] /\ lseq' = [lseq EXCEPT ![c] = 0]
     /\ base' = [base EXCEPT ![c] = Len(log[c]) + 1] /\ open' = [open EXCEPT ![c] = FALSE]
     /\ following' = [following EXCEPT ![c] = None] /\ fterm' = [fterm EXCEPT ![c] = 0]
  /\ promotedTerms' = promotedTerms \cup {t}
  /\ UNCHANGED <<record, promised, data, messages, acked, weak, seen, writes, losses>>

\* By the set that is applied on the server that is opened. What was in its log when it started can be read from now on.
EnoughToOpen(i) == Confirmed(pt[i], eff[i].cur, base[i])
Open(i) ==
  /\ role[i] = "primary" /\ ~open[i] /\ EnoughToOpen(i)
  /\ open' = [open EXCEPT ![i] = TRUE]
  /\ seen' = IF eff[i].cur.k = 0 THEN seen ELSE seen \cup Prefix(log[i], base[i])
  /\ UNCHANGED <<record, promised, role, pt, log, data, standby, eff, lseq, base, messages, acked, weak, promotedTerms, writes, losses>>

\* Rewind to where the logs part, or clone, then stream. Commands of a lower term than the promised one are refused.
Admits(j, t) == promised[j] <= t
Follow(t, j) ==
  /\ decided[t] # None /\ Admits(j, t)
  /\ LET c == decided[t].c IN
     /\ j # c /\ Serves(c, t) /\ ~(following[j] = c /\ fterm[j] = t)
     /\ promised' = [promised EXCEPT ![j] = Max({@, t})]
     /\ role' = [role EXCEPT ![j] = "standby"]
     /\ following' = [following EXCEPT ![j] = c] /\ fterm' = [fterm EXCEPT ![j] = t]
     /\ log' = [log EXCEPT ![j] = IF data[j] THEN CommonPrefix(@, log[c]) ELSE log[c]]
     /\ data' = [data EXCEPT ![j] = TRUE]
     /\ eff' = [eff EXCEPT ![j] = NoSync] /\ lseq' = [lseq EXCEPT ![j] = 0]
     /\ base' = [base EXCEPT ![j] = 0] /\ open' = [open EXCEPT ![j] = FALSE]
  /\ UNCHANGED <<record, pt, messages, history>>

---------------------------------------------------------------------------
(* Changes of the synchronous set: record it beside those before it, apply it, and once k of its members have confirmed the
   position at which the whole server went by it, record it alone. *)
RecordedDuringChange(e) == Append(syncs, e)
SetStart(S, k) ==
  LET e == Sync(S, k) IN
  /\ ~electing /\ seq < MaxSeq /\ primary \notin S /\ e # Last(syncs)
  /\ \/ k = K /\ Cardinality(S) >= K
     \/ Preferred /\ k < K /\ Cardinality(S) = k
  /\ seq' = seq + 1 /\ syncs' = RecordedDuringChange(e) /\ cmds' = cmds \cup {[t |-> term, q |-> seq + 1, e |-> e]}
  /\ UNCHANGED <<term, primary, electing, promised, role, pt, log, data, standby, serving, decided, replied, conf, done, history>>

Newer(i, q) == q > lseq[i]
SetApply(i) ==
  \E m \in cmds :
    /\ Serves(i, m.t) /\ promised[i] = m.t /\ Newer(i, m.q) /\ m.q # lseq[i]
    /\ eff' = [eff EXCEPT ![i] = [cur |-> m.e, old |-> @.old \cup {@.cur}]] /\ lseq' = [lseq EXCEPT ![i] = m.q]
    /\ UNCHANGED <<record, promised, role, pt, log, data, standby, base, open, messages, history>>

\* Every process of the server goes by the newest set: only now the position is taken. After a promotion, too.
Settled(i) == [eff[i] EXCEPT !.old = {}]
SetApplied(i) ==
  /\ role[i] = "primary" /\ pt[i] = term /\ lseq[i] = seq /\ Len(syncs) > 1
  /\ \A d \in done : d.t # pt[i] \/ d.q # lseq[i]
  /\ eff' = [eff EXCEPT ![i] = Settled(i)]
  /\ done' = done \cup {[t |-> pt[i], q |-> lseq[i], n |-> Len(log[i])]}
  /\ UNCHANGED <<record, promised, role, pt, log, data, standby, lseq, base, open, decided, replied, conf, cmds, history>>

\* k = 0 needs no confirmation, and so proves nothing of what was acknowledged before it: then everybody has to have it.
Everybody == Sync(Node \ {primary}, Cardinality(Node) - 1)
Proven(d, e) == Confirmed(d.t, IF e.k > 0 THEN e ELSE Everybody, d.n)
SetDone ==
  /\ ~electing /\ Len(syncs) > 1
  /\ \E d \in done :
       /\ d.t = term /\ d.q = seq /\ Proven(d, Last(syncs))
       /\ weak' = IF Last(syncs).k > 0 /\ Len(log[primary]) >= d.n
                   THEN weak \ {e \in Prefix(log[primary], d.n) : ~e.late} ELSE weak
  /\ syncs' = <<Last(syncs)>>
  /\ UNCHANGED <<term, primary, seq, electing, promised, role, pt, log, data, standby, serving, messages, acked, seen, promotedTerms, writes, losses>>

Next ==
  \/ \E i \in Node : Write(i)
  \/ \E i \in Node : Stream(i)
  \/ \E i \in Node : Ack(i)
  \/ \E i \in Node : Restart(i)
  \/ \E i \in Node : LoseVolume(i)
  \/ NewTerm
  \/ \E t \in Terms, j \in Node : Revoke(t, j)
  \/ \E t \in Terms, j \in Node : Decide(t, j)
  \/ \E t \in Terms : Promote(t)
  \/ \E i \in Node : Open(i)
  \/ \E t \in Terms, j \in Node : Follow(t, j)
  \/ \E S \in SUBSET Node, k \in 0..K : SetStart(S, k)
  \/ \E i \in Node : SetApply(i)
  \/ \E i \in Node : SetApplied(i)
  \/ SetDone

Spec == Init /\ [][Next]_vars
---------------------------------------------------------------------------
Newest(i) == Serves(i, Max(promotedTerms))
Durable == \A i \in Node : Newest(i) => acked \ weak \subseteq Range(log[i])
ReadDurable == \A i \in Node : Newest(i) => seen \subseteq Range(log[i])
NoLateWrite == \A e \in acked \ weak : ~e.late
OnePerTerm == \A i, j \in Node : i # j /\ role[i] = "primary" /\ role[j] = "primary" => pt[i] # pt[j]
=============================================================================
