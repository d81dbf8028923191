----------------------------- MODULE ShardLease -----------------------------
(* The lease of a primary where no standby has to confirm a commit (asynchronous, or k = 0): nothing but time keeps an old
   primary, which nobody reaches, from serving beside a new one. Time is counted in ticks, and kept as what remains of it,
   so that it goes on without end in a finite model.

   NoTwoServe    at no moment two primaries serve
   OldIsSilent   once the primary of a term is decided, none of a lower term serves

   Lease is the longest that a lease lasts by true time, and Wait the shortest that the operator waits by true time: the
   drift of both clocks is in them. The rules need Wait >= Lease. The wait begins with the promises, so after the term was
   recorded, and an operator confirms only by a record that it read after it was asked: so it covers operators, too. *)
EXTENDS Naturals, FiniteSets, TLC

CONSTANTS Node, Lease, Wait, MaxTerm, None

VARIABLES
  term, electing, decided,          \* the record; term -> chosen instance
  promised, pt,                     \* an instance: promise, term in which it is primary (0: in none)
  waits,                            \* members that promised the recorded term -> what remains of the wait since then
  asked, counts                     \* by primary and confirming member, or the operator (None): what remains of the lease of a
                                    \* confirmation under way; of one that has arrived

vars == <<term, electing, decided, promised, pt, waits, asked, counts>>

Terms == 1..MaxTerm
Symmetry == Permutations(Node)
Majority == Cardinality(Node) \div 2 + 1
Voice == Node \cup {None}
Silent == [v \in Voice |-> 0]
Less(n) == IF n = 0 THEN 0 ELSE n - 1

Leased(i) ==
  \/ counts[i][None] > 0
  \/ promised[i] = pt[i] /\ Cardinality({i} \cup {j \in Node : counts[i][j] > 0}) >= Majority
Serves(i) == pt[i] > 0 /\ Leased(i)

Init ==
  \E p \in Node :
    /\ term = 1 /\ electing = FALSE /\ decided = [t \in Terms |-> IF t = 1 THEN p ELSE None]
    /\ promised = [i \in Node |-> 1] /\ pt = [i \in Node |-> IF i = p THEN 1 ELSE 0]
    /\ waits = [i \in {} |-> 0] /\ asked = [i \in Node |-> Silent] /\ counts = [i \in Node |-> Silent]

Tick ==
  /\ waits' = [i \in DOMAIN waits |-> Less(waits[i])]
  /\ asked' = [i \in Node |-> [v \in Voice |-> Less(asked[i][v])]]
  /\ counts' = [i \in Node |-> [v \in Voice |-> Less(counts[i][v])]]
  /\ UNCHANGED <<term, electing, decided, promised, pt>>

---------------------------------------------------------------------------
(* Confirmations. A token is given out, and handed back by a member that has promised no higher term, or by an operator that
   has read the record after it got the token. It counts from when it was given out. *)
PromisedNoHigher(j, i) == promised[j] <= pt[i]
Confirm(i, j) ==
  /\ pt[i] > 0 /\ j # i /\ PromisedNoHigher(j, i) /\ asked[i][j] < Lease
  /\ asked' = [asked EXCEPT ![i][j] = Lease]
  /\ UNCHANGED <<term, electing, decided, promised, pt, waits, counts>>

RecordStillSays(t) == t = term
OperatorConfirm(i) ==
  /\ pt[i] > 0 /\ RecordStillSays(pt[i]) /\ asked[i][None] < Lease
  /\ asked' = [asked EXCEPT ![i][None] = Lease]
  /\ UNCHANGED <<term, electing, decided, promised, pt, waits, counts>>

CountsFrom(remaining) == remaining
Arrive(i, v) ==
  /\ pt[i] > 0 /\ CountsFrom(asked[i][v]) > counts[i][v]
  /\ counts' = [counts EXCEPT ![i][v] = CountsFrom(asked[i][v])]
  /\ UNCHANGED <<term, electing, decided, promised, pt, waits, asked>>

---------------------------------------------------------------------------
(* Failover *)
NewTerm ==
  /\ term < MaxTerm
  /\ term' = term + 1 /\ electing' = TRUE /\ waits' = [i \in {} |-> 0]
  /\ UNCHANGED <<decided, promised, pt, asked, counts>>

Revoke(j) ==
  /\ electing /\ promised[j] < term
  /\ promised' = [promised EXCEPT ![j] = term] /\ pt' = [pt EXCEPT ![j] = 0]
  /\ waits' = [i \in DOMAIN waits \cup {j} |-> IF i = j THEN Wait ELSE waits[i]]
  /\ asked' = [asked EXCEPT ![j] = Silent] /\ counts' = [counts EXCEPT ![j] = Silent]
  /\ UNCHANGED <<term, electing, decided>>

\* Whoever did not promise is no majority, and every lease that a promised one or an operator granted before has run out.
Enough(R) == Cardinality(Node \ R) < Majority
WaitedForPromises(R) == \A j \in R : waits[j] = 0
\* The recorded primary itself has promised, and so stopped: nobody else could be serving, there is nothing to wait for.
RecordedPrimary == decided[CHOOSE t \in Terms : decided[t] # None /\ \A u \in Terms : decided[u] # None => u <= t]
Decide(c) ==
  /\ electing /\ c \in DOMAIN waits
  /\ \/ RecordedPrimary \in DOMAIN waits
     \/ \E R \in SUBSET DOMAIN waits : Enough(R) /\ WaitedForPromises(R)
  /\ decided' = [decided EXCEPT ![term] = c] /\ electing' = FALSE /\ waits' = [i \in {} |-> 0]
  /\ UNCHANGED <<term, promised, pt, asked, counts>>

\* One that becomes primary, by promotion or by a restart in place, has no lease until it is confirmed.
AtStart == Silent
Promote(t) ==
  LET c == decided[t] IN
  /\ t > 1 /\ c # None /\ promised[c] = t /\ pt[c] # t
  /\ pt' = [pt EXCEPT ![c] = t]
  /\ asked' = [asked EXCEPT ![c] = Silent] /\ counts' = [counts EXCEPT ![c] = AtStart]
  /\ UNCHANGED <<term, electing, decided, promised, waits>>

Restart(i) ==
  /\ pt[i] > 0 /\ counts[i] # AtStart
  /\ asked' = [asked EXCEPT ![i] = Silent] /\ counts' = [counts EXCEPT ![i] = AtStart]
  /\ UNCHANGED <<term, electing, decided, promised, pt, waits>>

\* A standby that follows has promised the term, too.
Follow(t, j) ==
  /\ decided[t] # None /\ decided[t] # j /\ pt[decided[t]] = t /\ promised[j] < t
  /\ promised' = [promised EXCEPT ![j] = t] /\ pt' = [pt EXCEPT ![j] = 0]
  /\ asked' = [asked EXCEPT ![j] = Silent] /\ counts' = [counts EXCEPT ![j] = Silent]
  /\ UNCHANGED <<term, electing, decided, waits>>

Next ==
  \/ Tick
  \/ \E i \in Node, j \in Node : Confirm(i, j)
  \/ \E i \in Node : OperatorConfirm(i)
  \/ \E i \in Node, v \in Voice : Arrive(i, v)
  \/ NewTerm
  \/ \E j \in Node : Revoke(j)
  \/ \E c \in Node : Decide(c)
  \/ \E t \in Terms : Promote(t)
  \/ \E i \in Node : Restart(i)
  \/ \E t \in Terms, j \in Node : Follow(t, j)

Spec == Init /\ [][Next]_vars
---------------------------------------------------------------------------
NoTwoServe == \A i, j \in Node : Serves(i) /\ Serves(j) => i = j
OldIsSilent == \A i \in Node : \A t \in Terms : pt[i] > 0 /\ pt[i] < t /\ decided[t] # None => ~Serves(i)
=============================================================================
