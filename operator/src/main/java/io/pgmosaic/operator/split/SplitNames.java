package io.pgmosaic.operator.split;

/**
 * What a part's objects are called in the databases of its two shards. A split that is deleted and declared again under its
 * name has other ones, so that nothing is mistaken for what another split left.
 */
public final class SplitNames {
    /** That of every such object, and of nothing else. */
    public static final String PREFIX = "mosaic_s_";

    private final String stem;

    /**
     * @param uid of the {@code ShardSplit}, as Kubernetes gave it
     * @param part its place among the targets, from 0
     */
    public SplitNames(String uid, int part) {
        this.stem = PREFIX + uid.replace("-", "") + "_" + part;
        if (stem.length() > 60) {
            throw new IllegalArgumentException("too long for the name of a replication slot: " + stem);
        }
    }

    /** Of publication, slot and subscription by which the source's changes come to the target. */
    public String forward() {
        return stem + "_f";
    }

    /** Of those by which the target's changes come back. */
    public String reverse() {
        return stem + "_r";
    }

    /** The split as its rows in {@code mosaic.moving} name it: without the suffix of a direction. */
    public String stem() {
        return stem;
    }
}
