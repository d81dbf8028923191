package io.pgmosaic.client.topology;

import io.pgmosaic.routing.key.InvalidKeyException;
import io.pgmosaic.routing.map.RowSchema;
import io.pgmosaic.routing.map.ShardMap;
import io.pgmosaic.routing.map.UnplacedKeyException;
import org.jspecify.annotations.Nullable;

import java.util.List;

/** How the rows of a table find their shards. */
public sealed interface TablePlacement {
    /** {@code schema.name}. */
    String name();

    /** By rules that this process evaluates. */
    record Computed(String name, RowSchema schema, ShardMap map) implements TablePlacement {
        /**
         * The shard that owns a key.
         *
         * @param key one text per key column, in order; null for one that may be left out
         * @throws InvalidKeyException when it is no key of the table
         * @throws UnplacedKeyException when no shard holds such a key
         */
        public String ownerOf(List<@Nullable String> key) {
            return map.ownerOf(schema.parse(key));
        }
    }

    /**
     * By a directory, or by rules that this version does not know: the router is asked for each key.
     *
     * @param schema null when this version does not know it
     */
    record Asked(String name, @Nullable RowSchema schema) implements TablePlacement {}

    /** Every shard holds the whole table. */
    record Everywhere(String name) implements TablePlacement {}
}
