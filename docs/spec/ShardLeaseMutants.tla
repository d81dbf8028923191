------------------------- MODULE ShardLeaseMutants -------------------------
(* Weaker rules of the lease, each of which lets two primaries serve. *)
EXTENDS ShardLease

AnyRecord(t) == TRUE                    \* an operator confirms by a record that it read long ago
CountsFromArrival(remaining) == IF remaining > 0 THEN Lease ELSE 0   \* a confirmation counts from when it arrives
LeasedAtStart == [Silent EXCEPT ![None] = Lease]   \* promotion and restart grant a lease
NoWait(R) == TRUE                       \* do not wait since the promises
FewPromises(R) == R # {}                \* go on while those that did not promise are a majority
ConfirmAnyway(j, i) == TRUE             \* a member confirms although it has promised a higher term
=============================================================================
