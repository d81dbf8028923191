package io.pgmosaic.operator.lookup;

import io.pgmosaic.api.v1alpha1.cluster.LookupIndexSpec;
import io.pgmosaic.api.v1alpha1.cluster.ShardingSpec;
import io.pgmosaic.maps.ClusterMap;
import io.pgmosaic.maps.PlacedTable;
import io.pgmosaic.routing.guard.DirectoryKey;
import io.pgmosaic.routing.key.Key;
import io.pgmosaic.routing.map.RowKey;
import io.pgmosaic.routing.map.ShardMap;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The lookup indexes of a cluster.
 *
 * @param entries where their entries are, by value
 * @param tables that have them, by the index's name
 */
record Indexes(ShardMap entries, Map<String, PlacedTable> tables) {
    Indexes {
        tables = Map.copyOf(tables);
    }

    /** Empty when there are none. */
    static Optional<Indexes> of(ClusterMap map) {
        Map<String, PlacedTable> tables = new HashMap<>();
        for (PlacedTable placed : map.tables()) {
            for (LookupIndexSpec index : placed.table().lookupIndexes()) {
                tables.put(index.name(), placed);
            }
        }
        return map.tables().stream()
                .filter(placed -> placed.table().equals(ShardingSpec.LOOKUP_ENTRIES))
                .findFirst()
                .map(entries -> new Indexes(entries.map(), tables));
    }

    String home(Claim claim) {
        return entries.ownerOf(Key.text(claim.value()));
    }

    /** @throws IllegalArgumentException when it is no key of the table */
    static RowKey key(PlacedTable table, Claim claim) {
        return new RowKey(DirectoryKey.parse(claim.key(), table.guarded().key().types()), null, null);
    }
}
