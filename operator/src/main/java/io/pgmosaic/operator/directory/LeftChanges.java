package io.pgmosaic.operator.directory;

import io.pgmosaic.operator.directory.EntryRows.Row;
import io.pgmosaic.routing.guard.DirectoryKey;
import io.pgmosaic.routing.guard.DirectorySchema;
import io.pgmosaic.routing.key.KeyType;
import io.pgmosaic.routing.map.RowKey;
import org.jboss.logging.Logger;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Ends changes that were begun and not ended, as the entries of a shard tell; nothing else has to be known of them. */
final class LeftChanges {
    private static final Logger LOG = Logger.getLogger(LeftChanges.class);
    private static final int AT_ONCE = 1_000;

    /** What can be ended together. */
    private record Kind(String group, String shard, String state) {}

    private final ShardSessions sessions;
    private final Map<String, KeyTables> groups;
    private final Duration patience;

    /** @param groups all that have a directory, by name */
    LeftChanges(ShardSessions sessions, Map<String, KeyTables> groups, Duration patience) {
        this.sessions = sessions;
        this.groups = Map.copyOf(groups);
        this.patience = patience;
    }

    /** Looks at one shard; returns how many changes it found there. */
    int finish(String shard) throws SQLException {
        try (Connection session = sessions.superuser(shard)) {
            EntryRows entries = new EntryRows(session);
            if (entries.isOutOfStep()) {
                // Somebody was cut off between the sequence and the end of the transaction; a change brings both in
                // step.
                entries.refusing(attempt -> {});
            }
            Map<Kind, List<Tenant>> left = new LinkedHashMap<>();
            for (Row row : entries.unsettled(AT_ONCE)) {
                KeyTables tables = groups.get(row.group());
                if (tables != null) {
                    left.computeIfAbsent(new Kind(row.group(), row.shard(), row.state()), unseen -> new ArrayList<>())
                            .add(tenant(row, tables));
                }
            }
            int found = 0;
            for (Map.Entry<Kind, List<Tenant>> kind : left.entrySet()) {
                found += kind.getValue().size();
                finish(shard, entries, kind.getKey(), kind.getValue());
            }
            return found;
        }
    }

    private void finish(String shard, EntryRows entries, Kind kind, List<Tenant> tenants) throws SQLException {
        KeyTables tables = java.util.Objects.requireNonNull(groups.get(kind.group()));
        if (kind.state().equals(DirectorySchema.LEFT)) {
            new HomeEntries(sessions, tables, kind.shard(), patience, HomeEntries.NOTHING).clear(tenants, entries);
            return;
        }
        Map<Tenant, Outcome> outcomes = new HomeEntries(sessions, tables, shard, patience, HomeEntries.NOTHING)
                .finish(tenants, kind.shard(), kind.state());
        outcomes.values().stream()
                .distinct()
                .forEach(outcome -> LOG.infof(
                        "changes of the directory that were left on shard %s ended: %s %s",
                        shard, outcome.state(), outcome.detail()));
    }

    private static Tenant tenant(Row row, KeyTables tables) {
        List<KeyType> types = tables.tables().getFirst().guarded().key().types();
        return Tenant.of(
                tables.map(),
                new RowKey(DirectoryKey.parse(row.key(), types), row.region().isEmpty() ? null : row.region(), null));
    }
}
