-------------------------- MODULE ShardSplitMutants --------------------------
(* Weaker rules of a split, each of which loses writes or lets two databases accept a key. *)
EXTENDS ShardSplit

AnyVersion(o, d) == TRUE                \* a database takes an older version of the map
ThawInPlace(o, d) == o.v >= guard[d].v  \* a freeze ends without a new version
AnyMap(v) == TRUE                       \* the map is changed without compare-and-set
NotApplied(o) == TRUE                   \* cut over before all is applied
NotCompared(o) == TRUE                  \* cut over what nobody has compared
OneWay(d) == TRUE                       \* seal before there is a way back
ReplaceAnyhow(o, d) == guard[d].st # "open"   \* copy over what is sealed, by an old version
Loud(d) == TRUE                         \* delete rows while a stream carries the deletions over
ReverseAnew(d) == TRUE                  \* begin a lost stream anew, without a copy
PruneEarly(o, d) == guard[d].v >= o.v   \* prune while the split can still go back
=============================================================================
