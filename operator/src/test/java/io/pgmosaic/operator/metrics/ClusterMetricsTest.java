package io.pgmosaic.operator.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pgmosaic.api.v1alpha1.cluster.SchemaDriftState;
import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.database.DatabaseReport;
import io.pgmosaic.operator.database.DatabaseSize;
import io.pgmosaic.operator.plan.Reason;
import io.pgmosaic.operator.status.ShardPhase;
import io.pgmosaic.operator.status.ShardView;
import io.pgmosaic.operator.status.ShardViews;
import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

class ClusterMetricsTest {
    private static final ClusterKey ORDERS = new ClusterKey("shop", "orders");
    private static final ClusterKey BILLING = new ClusterKey("shop", "billing");

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ClusterMetrics metrics = new ClusterMetrics(registry);

    private static ShardView ready(String shard) {
        return ShardViews.of(
                ShardViews.record(shard),
                ShardViews.instances(shard, 2),
                Reason.HEALTHY,
                true,
                new DatabaseReport(true, List.of(), null, 1, new DatabaseSize(4_096, Map.of())));
    }

    private static ShardView failed(String shard) {
        return ShardViews.of(
                ShardViews.record(shard),
                List.of(ShardViews.instance(shard, 0, null)),
                Reason.PRIMARY_UNREACHABLE,
                false,
                null);
    }

    @Test
    void countsTheShardsOfEveryPhase() {
        metrics.update(ORDERS, List.of(ready("s0"), ready("s1"), failed("s2")), 0, null);
        assertThat(shards("orders", ShardPhase.READY)).isEqualTo(2);
        assertThat(shards("orders", ShardPhase.FAILED)).isEqualTo(1);
        assertThat(Arrays.stream(ShardPhase.values()).mapToDouble(phase -> shards("orders", phase)))
                .as("a phase without shards is 0, not absent")
                .hasSize(ShardPhase.values().length)
                .satisfies(all -> assertThat(
                                all.stream().mapToDouble(count -> count).sum())
                        .isEqualTo(3));
    }

    @Test
    void measuresTermSizeAndLag() {
        metrics.update(ORDERS, List.of(ready("s0")), 0, null);
        assertThat(shard("shard.term", "s0").value()).isEqualTo(4);
        assertThat(shard("shard.size.bytes", "s0").value()).isEqualTo(4_096);
        assertThat(registry.get("shard.replication.lag.seconds")
                        .tags("shard_id", "s0", "replica_id", "orders-s0-2")
                        .gauge()
                        .value())
                .isEqualTo(0.012);
        assertThat(registry.find("shard.replication.lag.seconds")
                        .tags("replica_id", "orders-s0-0")
                        .gauge())
                .as("a primary is behind nobody")
                .isNull();
    }

    @Test
    void saysNothingOfWhatItDoesNotKnow() {
        metrics.update(ORDERS, List.of(failed("s0")), 0, null);
        assertThat(registry.find("shard.size.bytes").gauges()).isEmpty();
        assertThat(registry.find("shard.replication.lag.seconds").gauges()).isEmpty();
        assertThat(shard("shard.term", "s0").value()).isEqualTo(4);
    }

    @Test
    void theLastPassCounts() {
        metrics.update(ORDERS, List.of(ready("s0"), ready("s1")), 0, null);
        metrics.update(ORDERS, List.of(failed("s0")), 0, null);
        assertThat(shards("orders", ShardPhase.READY)).isZero();
        assertThat(shards("orders", ShardPhase.FAILED)).isEqualTo(1);
        assertThat(registry.find("shard.size.bytes").gauges())
                .as("nothing is left of the shard's database that is not seen")
                .isEmpty();
        assertThat(registry.find("shard.term").gauges()).hasSize(1);
    }

    @Test
    void countsWhatDiffersOnceThatWasLookedAt() {
        metrics.update(ORDERS, List.of(), 0, SchemaDriftState.never());
        assertThat(registry.find("pgmosaic.schema.differences").gauges()).isEmpty();
        metrics.update(ORDERS, List.of(), 0, new SchemaDriftState("2026-01-01T00:00:00Z", null, null, 3, List.of()));
        assertThat(registry.get("pgmosaic.schema.differences")
                        .tags("namespace", "shop", "cluster", "orders")
                        .gauge()
                        .value())
                .isEqualTo(3);
    }

    @Test
    void forgetsAClusterAndKeepsTheOthers() {
        metrics.update(ORDERS, List.of(ready("s0")), 0, null);
        metrics.update(BILLING, List.of(ready("s0")), 0, null);
        metrics.forget(ORDERS);
        assertThat(registry.find("pgmosaic.shards").tags("cluster", "orders").gauges())
                .isEmpty();
        assertThat(registry.find("shard.term").tags("cluster", "orders").gauges())
                .isEmpty();
        assertThat(shards("billing", ShardPhase.READY)).isEqualTo(1);
    }

    private double shards(String cluster, ShardPhase phase) {
        return registry.get("pgmosaic.shards")
                .tags("namespace", "shop", "cluster", cluster, "phase", phase.word())
                .gauge()
                .value();
    }

    private Gauge shard(String name, String shard) {
        return registry.get(name)
                .tags("namespace", "shop", "cluster", "orders", "shard_id", shard)
                .gauge();
    }
}
