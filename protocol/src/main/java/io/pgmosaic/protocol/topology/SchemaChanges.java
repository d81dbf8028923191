package io.pgmosaic.protocol.topology;

import java.util.List;

/**
 * The migrations of a cluster that have begun, but for those that ended long ago.
 *
 * @param version goes up with every change of any of them; 0 from an operator that tells none
 * @param changes in the order in which they began
 */
public record SchemaChanges(long version, List<SchemaChange> changes) {
    public static final SchemaChanges NONE = new SchemaChanges(0, List.of());

    public SchemaChanges {
        changes = changes == null ? List.of() : List.copyOf(changes);
    }

    /** The one that knows more. */
    public SchemaChanges newerOf(SchemaChanges other) {
        return other.version > version ? other : this;
    }
}
