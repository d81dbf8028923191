package io.pgmosaic.operator.directory;

import io.pgmosaic.operator.directory.EntryRows.Row;
import io.pgmosaic.operator.upkeep.ShardSessions;
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
            int found = 0;
            for (Map.Entry<Kind, List<Row>> kind : unsettled(entries).entrySet()) {
                found += attempt(shard, entries, kind.getKey(), kind.getValue());
            }
            return found;
        }
    }

    private static Map<Kind, List<Row>> unsettled(EntryRows entries) throws SQLException {
        Map<Kind, List<Row>> left = new LinkedHashMap<>();
        for (Row row : entries.unsettled(AT_ONCE)) {
            left.computeIfAbsent(new Kind(row.group(), row.shard(), row.state()), unseen -> new ArrayList<>())
                    .add(row);
        }
        return left;
    }

    /** Ends what can be ended of one kind; what cannot be holds up no other one. Returns how many changes that were. */
    private int attempt(String shard, EntryRows entries, Kind kind, List<Row> rows) {
        KeyTables tables = groups.get(kind.group());
        if (tables == null) {
            return 0;
        }
        try {
            List<Tenant> tenants = tenants(shard, kind, rows, tables);
            finish(shard, entries, kind, tables, tenants);
            return tenants.size();
        } catch (SQLException | RuntimeException e) {
            LOG.warnf(
                    "changes of the directory that were left on shard %s cannot be ended now; it is tried again (group"
                            + " '%s', other shard %s, state %s): %s",
                    shard, kind.group(), kind.shard(), kind.state(), e);
            return 0;
        }
    }

    /** Does not tell the keys: they may be personal data. */
    private static List<Tenant> tenants(String shard, Kind kind, List<Row> rows, KeyTables tables) {
        List<Tenant> tenants = new ArrayList<>(rows.size());
        for (Row row : rows) {
            try {
                tenants.add(tenant(row, tables));
            } catch (IllegalArgumentException e) {
                LOG.warnf(
                        "the directory of shard %s has an entry of group '%s' and attempt %d that is no key of its"
                                + " tables, or that no shard owns by the rule",
                        shard, kind.group(), row.attempt());
            }
        }
        return tenants;
    }

    private void finish(String shard, EntryRows entries, Kind kind, KeyTables tables, List<Tenant> tenants)
            throws SQLException {
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
