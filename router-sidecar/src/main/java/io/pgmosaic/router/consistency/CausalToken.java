package io.pgmosaic.router.consistency;

import io.pgmosaic.protocol.instance.LogPosition;
import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** What whoever carries it must be able to see: of each shard, a position. Immutable. */
public final class CausalToken {
    /** Demands nothing. */
    public static final CausalToken EMPTY = new CausalToken(new TreeMap<>());

    private final SortedMap<String, LogPosition> positions;

    /** @param positions by shard; not changed any more */
    private CausalToken(SortedMap<String, LogPosition> positions) {
        this.positions = Collections.unmodifiableSortedMap(positions);
    }

    static CausalToken of(SortedMap<String, LogPosition> positions) {
        return new CausalToken(new TreeMap<>(positions));
    }

    public SortedMap<String, LogPosition> positions() {
        return positions;
    }

    /** Null when nothing of the shard went into it. */
    public @Nullable LogPosition position(String shard) {
        return positions.get(shard);
    }

    /** This one and a position more. */
    public CausalToken with(String shard, LogPosition position) {
        SortedMap<String, LogPosition> more = new TreeMap<>(positions);
        more.merge(shard, position, Positions::join);
        return new CausalToken(more);
    }

    /** What both demand: of each shard a position that holds both. */
    public CausalToken merge(CausalToken other) {
        SortedMap<String, LogPosition> all = new TreeMap<>(positions);
        other.positions.forEach((shard, position) -> all.merge(shard, position, Positions::join));
        return new CausalToken(all);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CausalToken token && token.positions.equals(positions);
    }

    @Override
    public int hashCode() {
        return positions.hashCode();
    }

    @Override
    public String toString() {
        return positions.toString();
    }
}
