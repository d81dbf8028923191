package io.pgmosaic.operator.directory;

import io.pgmosaic.maps.PlacedTable;
import io.pgmosaic.operator.directory.EntryRows.Row;
import io.pgmosaic.operator.upkeep.ShardSessions;
import io.pgmosaic.routing.guard.DirectoryKey;
import io.pgmosaic.routing.guard.DirectorySchema;
import io.pgmosaic.routing.map.RowKey;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Where keys are at this moment, by the rule or by the directory. */
public final class KeyOwners {
    private KeyOwners() {}

    /**
     * Asks the homes of keys whose table has a directory.
     *
     * @return the shard of each; a key that nobody has at this moment is left out
     */
    public static Map<RowKey, String> find(ShardSessions sessions, PlacedTable table, Collection<RowKey> keys)
            throws SQLException {
        Map<RowKey, String> owners = new HashMap<>();
        keys.forEach(key -> owners.put(key, table.map().ownerOf(key)));
        if (!table.map().hasDirectory()) {
            return owners;
        }
        Map<String, List<Tenant>> byHome = keys.stream()
                .filter(key -> table.map().overrideOf(key) == null)
                .map(key -> Tenant.of(table.map(), key))
                .distinct()
                .collect(Collectors.groupingBy(Tenant::home));
        for (Map.Entry<String, List<Tenant>> home : byHome.entrySet()) {
            try (Connection session = sessions.superuser(home.getKey())) {
                for (Row row : new EntryRows(session).find(home.getValue(), table.group())) {
                    RowKey key = new RowKey(
                            DirectoryKey.parse(row.key(), table.guarded().key().types()),
                            row.region().isEmpty() ? null : row.region(),
                            null);
                    if (row.is(DirectorySchema.AWAY)) {
                        owners.put(key, row.shard());
                    } else if (!row.is(DirectorySchema.MINE) && !row.is(DirectorySchema.LEFT)) {
                        owners.remove(key);
                    }
                }
            }
        }
        return owners;
    }
}
