package io.pgmosaic.operator.retention;

import io.pgmosaic.api.v1alpha1.cluster.PlacementRule;
import io.pgmosaic.api.v1alpha1.cluster.ShardMapState;
import io.pgmosaic.api.v1alpha1.cluster.ShardingSpec;
import io.pgmosaic.maps.ClusterMap;
import io.pgmosaic.maps.PlacedTable;
import io.pgmosaic.routing.guard.GuardedTable;
import io.pgmosaic.routing.guard.SqlText;
import io.pgmosaic.routing.key.KeyValue;
import io.pgmosaic.routing.map.KeyOverride;
import io.pgmosaic.routing.map.Period;
import io.pgmosaic.routing.map.Region;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Finds the periods that are over for longer than the retention of their tables. */
public final class ExpiredPeriods {
    private ExpiredPeriods() {}

    /**
     * @param map in force; null while there is none
     * @param sharding of a validated spec
     */
    public static List<ExpiredPeriod> of(@Nullable ShardMapState map, ShardingSpec sharding, Instant now) {
        boolean declared =
                sharding.retention() != null || sharding.groups().stream().anyMatch(group -> group.retention() != null);
        if (map == null || !declared) {
            return List.of();
        }
        List<PlacedTable> tables = ClusterMap.compile(map, sharding).tables();
        List<ExpiredPeriod> expired = new ArrayList<>(of("", sharding, tables, now));
        sharding.groups().forEach(group -> expired.addAll(of(group.name(), group, tables, now)));
        return expired;
    }

    private static List<ExpiredPeriod> of(String group, PlacementRule rule, List<PlacedTable> all, Instant now) {
        Duration retention = rule.retentionDuration();
        List<PlacedTable> tables =
                all.stream().filter(table -> table.group().equals(group)).toList();
        List<ExpiredPeriod> expired = new ArrayList<>();
        if (retention != null && !tables.isEmpty()) {
            for (Region region : tables.getFirst().map().regions()) {
                for (Period period : region.periods()) {
                    KeyValue.Timestamp until = period.span().until();
                    if (until != null && !now.isBefore(until.instant().plus(retention))) {
                        expired.add(new ExpiredPeriod(
                                group,
                                region.name(),
                                until.text(),
                                until.instant().plus(retention),
                                shards(region, period),
                                tables.stream()
                                        .map(table -> statement(table.guarded(), region, period))
                                        .toList()));
                    }
                }
            }
        }
        return expired;
    }

    /** Rows of overridden keys are on the shards of these, whatever their time. */
    private static List<String> shards(Region region, Period period) {
        Set<String> shards = new LinkedHashSet<>(period.partitioning().shards());
        region.overrides().stream().map(KeyOverride::shard).forEach(shards::add);
        return List.copyOf(shards);
    }

    private static String statement(GuardedTable table, Region region, Period period) {
        List<String> conditions = new ArrayList<>();
        if (table.region() != null && region.name() != null) {
            conditions.add(SqlText.identifier(table.region()) + " = " + SqlText.literal(region.name()));
        }
        if (table.time() == null) {
            throw new IllegalArgumentException("table " + table.qualifiedName() + " has no column of role Time");
        }
        String time = SqlText.identifier(table.time());
        bound(conditions, time + " >= ", period.span().from());
        bound(conditions, time + " < ", period.span().until());
        return "DELETE FROM " + table.qualifiedName() + " WHERE " + String.join(" AND ", conditions);
    }

    private static void bound(List<String> conditions, String comparison, KeyValue.@Nullable Timestamp time) {
        if (time != null) {
            conditions.add(comparison + "timestamptz " + SqlText.literal(time.text()));
        }
    }
}
