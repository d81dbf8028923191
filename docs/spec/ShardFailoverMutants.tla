------------------------ MODULE ShardFailoverMutants ------------------------
(* Weaker rules, each of which loses something. A model puts one of them in the place of the rule it is named after. *)
EXTENDS ShardFailover

EarlyQuorum(R) == R # {}                                  \* promote before the quorum
StillFollowing(j) == following[j]                         \* the standby streams on after its promise
ForgottenPromise(i) == IF role[i] = "primary" THEN pt[i] ELSE fterm[i]   \* the promise does not outlive a restart
AnyIsFarEnough(c, R) == TRUE                              \* promote one that is behind
AnySequence(i, q) == TRUE                                 \* apply an older configuration
SmallerFirst(e) == <<e>>                                  \* record the new set alone, before it is applied
ProvenAtOnce(d, e) == TRUE                                \* do not wait for the confirmations of a new set
AdmitsAll(j, t) == TRUE                                   \* follow an older term
OpenAtOnce(i) == TRUE                                     \* open before the confirmations
OpenByAnySet(i) ==                                        \* open by a set that is not the one in effect
  \E m \in cmds \cup {[t |-> t, e |-> decided[t].e] : t \in {u \in Terms : decided[u] # None}} :
    m.t = pt[i] /\ m.e.k > 0 /\ Confirmed(pt[i], m.e, base[i])
AnswersEmpty(j) == TRUE                                   \* count the promise of one that lost its volume
PromiseLost == 0                                          \* tell one that lost its volume to follow a term below its promise
FirstAlone(c, R) == <<First(c, R)>>                       \* after a failover, forget at once who else may hold its log
NotSettled(i) == eff[i]                                   \* take the position before the whole server goes by the new set
ProvenByNobody(d, e) == Confirmed(d.t, e, d.n)            \* k = 0 lets go of the sets before it

\* Only behaviours in which both changes of the set are sent before the failover begins.
ChangesFirst == term > 1 => Cardinality(cmds) = 2
=============================================================================
