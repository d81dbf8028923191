package io.pgmosaic.operator.directory;

import io.pgmosaic.maps.Columns;
import io.pgmosaic.maps.PlacedTable;
import io.pgmosaic.operator.upkeep.ShardSessions;
import io.pgmosaic.protocol.topology.DirectoryChange;
import io.pgmosaic.protocol.topology.DirectoryResult;
import io.pgmosaic.routing.map.RowKey;
import io.pgmosaic.routing.map.ShardMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

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

    /** @param progress of this request; told all that comes of it */
    void make(PlacedTable table, DirectoryChange change, ChangeProgress progress) {
        Map<Batch, List<Tenant>> batches = new LinkedHashMap<>();
        Set<Tenant> seen = new HashSet<>();
        for (int i = 0; i < change.entries().size(); i++) {
            DirectoryChange.Entry entry = change.entries().get(i);
            try {
                RowKey row = Columns.schema(table.table()).parse(entry.key());
                Tenant tenant = Tenant.of(table.map(), row);
                String wrong = wrong(table.map(), tenant, change.action(), entry.shard());
                if (wrong != null) {
                    progress.decide(i, DirectoryResult.Outcome.REFUSED, wrong);
                } else if (!seen.add(tenant)) {
                    progress.decide(i, DirectoryResult.Outcome.INVALID, "the key is in this request twice");
                } else {
                    progress.want(i, tenant);
                    String shard = entry.shard() == null ? "" : entry.shard();
                    batches.computeIfAbsent(new Batch(tenant.home(), shard), unseen -> new ArrayList<>())
                            .add(tenant);
                }
            } catch (IllegalArgumentException e) {
                progress.decide(i, DirectoryResult.Outcome.INVALID, e.getMessage());
            }
        }
        for (Map.Entry<Batch, List<Tenant>> batch : batches.entrySet()) {
            if (!progress.isOver()) {
                make(batch.getKey(), batch.getValue(), progress);
            }
        }
    }

    private void make(Batch batch, List<Tenant> keys, ChangeProgress progress) {
        HomeEntries entries = new HomeEntries(sessions, tables, batch.home(), patience, progress);
        try {
            progress.came(batch.shard().isEmpty() ? entries.takeBack(keys) : entries.give(keys, batch.shard()));
        } catch (SQLException | RuntimeException e) {
            LOG.warnf("a change of the directory of shard %s was cut off: %s", batch.home(), e);
            progress.cutOff(keys, String.valueOf(e.getMessage()));
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
