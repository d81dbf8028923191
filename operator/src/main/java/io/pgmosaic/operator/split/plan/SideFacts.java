package io.pgmosaic.operator.split.plan;

/**
 * One of the two shards of a part.
 *
 * @param isReady whether its primary can be used, and its guard is that of the map in force or a frozen one
 * @param term of its primary
 * @param mapVersion that its guard implements; 0 for none
 * @param frozenVersion the map version that its guard was frozen to end; 0 for none
 * @param refusesDdl whether changes of its schema are refused
 */
public record SideFacts(
        String shard, boolean isReady, long term, long mapVersion, long frozenVersion, boolean refusesDdl) {
    boolean isFrozen(long version) {
        return frozenVersion == version;
    }
}
