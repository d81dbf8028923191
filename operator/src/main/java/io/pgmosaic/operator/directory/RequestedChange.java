package io.pgmosaic.operator.directory;

import io.pgmosaic.maps.Columns;
import io.pgmosaic.maps.PlacedTable;
import io.pgmosaic.protocol.topology.DirectoryChange;
import io.pgmosaic.protocol.topology.DirectoryResult;
import io.pgmosaic.routing.map.RowKey;
import io.pgmosaic.routing.map.ShardMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes what a request asks for: entries that make no sense are refused one by one, the others go home by home. */
final class RequestedChange {
    private static final Logger LOG = Logger.getLogger(RequestedChange.class);

    /** What goes together; the shard is empty for keys that are taken back. */
    private record Batch(String home, String shard) {}

    private final ShardSessions sessions;
    private final KeyTables tables;
    private final Duration patience;

    RequestedChange(ShardSessions sessions, KeyTables tables, Duration patience) {
        this.sessions = sessions;
        this.tables = tables;
        this.patience = patience;
    }

    DirectoryResult make(PlacedTable table, DirectoryChange change) {
        DirectoryResult.Item[] results =
                new DirectoryResult.Item[change.entries().size()];
        Tenant[] tenants = new Tenant[results.length];
        Map<Batch, List<Tenant>> batches = new LinkedHashMap<>();
        Map<Tenant, Integer> first = new HashMap<>();
        for (int i = 0; i < results.length; i++) {
            DirectoryChange.Entry entry = change.entries().get(i);
            try {
                RowKey row = Columns.schema(table.table()).parse(entry.key());
                Tenant tenant = Tenant.of(table.map(), row);
                String wrong = wrong(table.map(), tenant, change.action(), entry.shard());
                if (wrong != null) {
                    results[i] = new DirectoryResult.Item(DirectoryResult.Outcome.REFUSED, wrong);
                } else if (first.putIfAbsent(tenant, i) != null) {
                    results[i] = new DirectoryResult.Item(
                            DirectoryResult.Outcome.INVALID, "the key is in this request twice");
                } else {
                    tenants[i] = tenant;
                    String shard = entry.shard() == null ? "" : entry.shard();
                    batches.computeIfAbsent(new Batch(tenant.home(), shard), unseen -> new ArrayList<>())
                            .add(tenant);
                }
            } catch (IllegalArgumentException e) {
                results[i] = new DirectoryResult.Item(DirectoryResult.Outcome.INVALID, e.getMessage());
            }
        }
        Map<Tenant, Outcome> outcomes = new HashMap<>();
        batches.forEach((batch, keys) -> outcomes.putAll(make(batch, keys)));
        for (int i = 0; i < results.length; i++) {
            Tenant tenant = tenants[i];
            if (tenant != null) {
                Outcome outcome = outcomes.getOrDefault(
                        tenant, Outcome.pending("another operator goes on with it; ask again what became of it"));
                results[i] = new DirectoryResult.Item(
                        DirectoryResult.Outcome.valueOf(outcome.state().name()),
                        outcome.detail().isEmpty() ? null : outcome.detail());
            }
        }
        return new DirectoryResult(Arrays.asList(results));
    }

    private Map<Tenant, Outcome> make(Batch batch, List<Tenant> keys) {
        HomeEntries entries = new HomeEntries(sessions, tables, batch.home(), patience, HomeEntries.NOTHING);
        try {
            return batch.shard().isEmpty() ? entries.takeBack(keys) : entries.give(keys, batch.shard());
        } catch (SQLException e) {
            LOG.warnf("a change of the directory of shard %s was cut off: %s", batch.home(), e.getMessage());
            Map<Tenant, Outcome> unknown = new HashMap<>();
            keys.forEach(key -> unknown.put(
                    key,
                    Outcome.pending("it was cut off (" + e.getMessage()
                            + "); an operator ends it or undoes it, ask again what became of it")));
            return unknown;
        }
    }

    /** Why this cannot be, whatever the databases hold; null when it can. */
    private static @Nullable String wrong(
            ShardMap map, Tenant tenant, DirectoryChange.Action action, @Nullable String shard) {
        String overridden = map.overrideOf(tenant.row());
        if (overridden != null) {
            return "an override of the cluster's spec has the key on shard " + overridden;
        }
        if (action == DirectoryChange.Action.REMOVE) {
            return shard == null ? null : "a key is taken back to where the rule has it: leave out the shard";
        }
        if (shard == null || shard.isEmpty()) {
            return "name the shard that is to have the key";
        }
        if (!map.shards().contains(shard)) {
            return "there is no shard " + shard + " for this table: name one of " + map.shards();
        }
        if (!map.choices(tenant.row()).contains(shard)) {
            return "shard " + shard + " is of another region than the key, which has to stay in " + tenant.region();
        }
        return shard.equals(tenant.home()) ? "shard " + shard + " has the key by the rule already" : null;
    }
}
