package io.pgmosaic.routing.map;

import io.pgmosaic.routing.hash.PostgresHash;
import io.pgmosaic.routing.key.Key;

import java.util.Collection;
import java.util.List;

/** Which shard owns which key, in one version. */
public final class ShardMap {
    private final long version;
    private final Partitioning partitioning;
    private final List<String> shards;
    private final String[] names;
    private final SegmentTable segments;
    private final OverrideTable overrides;

    private ShardMap(long version, Partitioning partitioning, OverrideTable overrides) {
        this.version = version;
        this.partitioning = partitioning;
        this.shards = partitioning.shards();
        this.names = shards.toArray(String[]::new);
        this.segments = partitioning.compile();
        this.overrides = overrides;
    }

    /** @throws IllegalArgumentException when {@code version} is negative */
    public static ShardMap of(long version, Partitioning partitioning) {
        return of(version, partitioning, List.of());
    }

    /**
     * @throws IllegalArgumentException when {@code version} is negative, or a key is overridden twice or to an unknown
     *     shard
     */
    public static ShardMap of(long version, Partitioning partitioning, Collection<KeyOverride> overrides) {
        if (version < 0) {
            throw new IllegalArgumentException("a map's version is not negative: " + version);
        }
        return new ShardMap(version, partitioning, new OverrideTable(overrides, partitioning.shards()));
    }

    /** Goes up with every change of the map. */
    public long version() {
        return version;
    }

    public Partitioning partitioning() {
        return partitioning;
    }

    public List<String> shards() {
        return shards;
    }

    public List<KeyOverride> overrides() {
        return overrides.overrides();
    }

    /** The shard that owns {@code hash}, overrides aside. */
    public String shardFor(long hash) {
        return names[segments.owner(hash)];
    }

    /** The shard that owns {@code key}. */
    public String ownerOf(Key key) {
        long hash = key.hash();
        String shard = shardFor(hash);
        return overrides.mayContain(hash) ? overrides.owner(key, hash, shard) : shard;
    }

    /** {@link #ownerOf} of a key of one bigint, without making a {@link Key} unless its hash is that of an override. */
    public String ownerOf(long key) {
        long hash = PostgresHash.bigint(key, 0);
        String shard = shardFor(hash);
        return overrides.mayContain(hash) ? overrides.owner(Key.bigint(key), hash, shard) : shard;
    }

    /**
     * What {@code shard} owns, sorted, overrides aside; neighbours are one segment.
     *
     * @throws IllegalArgumentException when there is no such shard
     */
    public List<Segment> segmentsOf(String shard) {
        int position = shards.indexOf(shard);
        if (position < 0) {
            throw new IllegalArgumentException("shard " + shard + " is not one of " + shards);
        }
        return segments.ownedBy(position);
    }

    SegmentTable segments() {
        return segments;
    }
}
