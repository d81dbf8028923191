package io.pgmosaic.operator.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.pgmosaic.api.v1alpha1.cluster.SchemaDriftState;
import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.plan.InstanceFacts;
import io.pgmosaic.operator.status.ShardPhase;
import io.pgmosaic.operator.status.ShardView;
import io.pgmosaic.protocol.instance.InstanceRole;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Gauges of every cluster, as the last pass saw it.
 *
 * <pre>
 * pgmosaic_shards{namespace,cluster,phase}                                 shards in that phase
 * shard_replication_lag_seconds{namespace,cluster,shard_id,replica_id}     how far a standby's data is behind
 * shard_size_bytes{namespace,cluster,shard_id}                             size of the shard's database
 * shard_term{namespace,cluster,shard_id}                                   the fencing token
 * pgmosaic_expired_periods{namespace,cluster}                             spans of time older than their retention
 * pgmosaic_schema_differences{namespace,cluster}                          objects that are not the same on every shard
 * </pre>
 */
public final class ClusterMetrics {
    private static final double MILLIS_PER_SECOND = 1_000;

    private final MultiGauge shards;
    private final MultiGauge lag;
    private final MultiGauge size;
    private final MultiGauge term;
    private final MultiGauge expired;
    private final MultiGauge differences;
    private final Map<ClusterKey, Seen> clusters = new ConcurrentHashMap<>();

    private record Seen(
            List<ShardView> shards, int expired, @Nullable SchemaDriftState drift) {
        private Seen {
            shards = List.copyOf(shards);
        }
    }

    public ClusterMetrics(MeterRegistry registry) {
        shards = MultiGauge.builder("pgmosaic.shards")
                .description("Shards by phase")
                .register(registry);
        lag = MultiGauge.builder("shard.replication.lag.seconds")
                .description("How far a standby's data is behind its primary's")
                .register(registry);
        size = MultiGauge.builder("shard.size.bytes")
                .description("Size of a shard's database")
                .register(registry);
        expired = MultiGauge.builder("pgmosaic.expired.periods")
                .description("Spans of time whose rows are older than the declared retention")
                .register(registry);
        differences = MultiGauge.builder("pgmosaic.schema.differences")
                .description("Objects that are not the same on every shard, as was seen last")
                .register(registry);
        term = MultiGauge.builder("shard.term")
                .description("The shard's term, its fencing token")
                .register(registry);
    }

    /**
     * @param expired how many spans of time are older than the retention of their tables
     * @param drift what the last comparison of schemas has shown; null before the first
     */
    public void update(ClusterKey cluster, List<ShardView> shards, int expired, @Nullable SchemaDriftState drift) {
        clusters.put(cluster, new Seen(shards, expired, drift));
        publish();
    }

    public void forget(ClusterKey cluster) {
        clusters.remove(cluster);
        publish();
    }

    private synchronized void publish() {
        List<MultiGauge.Row<?>> shardRows = new ArrayList<>();
        List<MultiGauge.Row<?>> lagRows = new ArrayList<>();
        List<MultiGauge.Row<?>> sizeRows = new ArrayList<>();
        List<MultiGauge.Row<?>> termRows = new ArrayList<>();
        List<MultiGauge.Row<?>> expiredRows = new ArrayList<>();
        List<MultiGauge.Row<?>> differenceRows = new ArrayList<>();
        clusters.forEach((cluster, seen) -> {
            List<ShardView> views = seen.shards();
            Tags tags = Tags.of("namespace", cluster.namespace(), "cluster", cluster.name());
            expiredRows.add(MultiGauge.Row.of(tags, seen.expired()));
            if (seen.drift() != null && seen.drift().checkedAt() != null) {
                differenceRows.add(MultiGauge.Row.of(tags, seen.drift().differing()));
            }
            Arrays.stream(ShardPhase.values())
                    .forEach(phase -> shardRows.add(MultiGauge.Row.of(
                            tags.and("phase", phase.word()),
                            views.stream().filter(view -> view.phase() == phase).count())));
            for (ShardView view : views) {
                Tags ofShard = tags.and("shard_id", view.facts().identity().shard());
                termRows.add(MultiGauge.Row.of(ofShard, view.plan().record().term()));
                if (view.database() != null && view.database().size() != null) {
                    sizeRows.add(
                            MultiGauge.Row.of(ofShard, view.database().size().bytes()));
                }
                view.facts().instances().forEach(instance -> addLag(instance, ofShard, lagRows));
            }
        });
        shards.register(shardRows, true);
        lag.register(lagRows, true);
        size.register(sizeRows, true);
        term.register(termRows, true);
        expired.register(expiredRows, true);
        differences.register(differenceRows, true);
    }

    private static void addLag(InstanceFacts instance, Tags ofShard, List<MultiGauge.Row<?>> rows) {
        if (instance.status() != null
                && instance.status().role() == InstanceRole.STANDBY
                && instance.status().postgres().replayLagMillis() != null) {
            rows.add(MultiGauge.Row.of(
                    ofShard.and("replica_id", instance.name()),
                    instance.status().postgres().replayLagMillis() / MILLIS_PER_SECOND));
        }
    }
}
