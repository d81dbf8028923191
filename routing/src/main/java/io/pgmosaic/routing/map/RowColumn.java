package io.pgmosaic.routing.map;

import io.pgmosaic.routing.key.KeyColumn;

/** A column that a lookup of a row names. */
public record RowColumn(KeyColumn column, Role role) {
    /** What the column decides. */
    public enum Role {
        /** The shard, by its hash or its order, together with the other columns of this role. */
        KEY,
        /** The region. May be left out where there is a default. */
        REGION,
        /** The period. */
        TIME,
        /** Nothing; it may be left out. */
        DETAIL
    }

    /** Whether a lookup may leave it out; without a region there must be a default. */
    public boolean mayBeMissing() {
        return role == Role.REGION || role == Role.DETAIL;
    }

    public static RowColumn key(KeyColumn column) {
        return new RowColumn(column, Role.KEY);
    }
}
