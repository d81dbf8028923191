package io.pgmosaic.api.v1alpha1.cluster;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

import static org.assertj.core.api.Assertions.assertThat;

class ShardedClusterJsonTest {
    private final KubernetesSerialization serialization = new KubernetesSerialization();

    private ShardedCluster read(String spec) {
        return serialization.unmarshal(
                "{\"apiVersion\":\"pgmosaic.io/v1alpha1\",\"kind\":\"ShardedCluster\",\"metadata\":{\"name\":\"orders\"},\"spec\":"
                        + spec + "}",
                ShardedCluster.class);
    }

    @Test
    void defaultsHoldWithoutAnApiServerThatFillsThemIn() {
        ShardedClusterSpec spec =
                read("{\"postgres\":{\"version\":15},\"shards\":{\"count\":2},\"storage\":{\"size\":\"1Gi\"}}")
                        .getSpec();
        assertThat(spec.database()).isEqualTo("app");
        assertThat(spec.instancesPerShard()).isEqualTo(3);
        assertThat(spec.replication().mode()).isEqualTo(ReplicationMode.SEMI_SYNC);
        assertThat(spec.acknowledgements()).isEqualTo(1);
        assertThat(spec.shards().shardNames()).containsExactly("s0", "s1");
        assertThat(spec.storage().onDelete()).isEqualTo(VolumePolicy.RETAIN);
        assertThat(spec.sharding().strategy()).isEqualTo(ShardingStrategy.HASH_RANGE);
        assertThat(spec.failover()).isEqualTo(FailoverSpec.defaults());
        assertThat(spec.failover().lease()).isGreaterThan(spec.failover().detection());
        assertThat(spec.switchover()).isEmpty();
        assertThat(spec.fencing()).isEqualTo(FencingSpec.none());
        assertThat(spec.update().maxShards()).isEqualTo(1);
    }

    @Test
    void aFencingJobIsNeverRestartedUnlessItSaysSo() {
        FencingJobSpec job = Objects.requireNonNull(
                read("{\"failover\":{\"fencingJob\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"a\"}]}}}}}")
                        .getSpec()
                        .failover()
                        .fencingJob());
        assertThat(job.template().getSpec().getRestartPolicy()).isEqualTo("Never");
        assertThat(job.timeoutDuration()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void aSpecComesBackAsItWasWritten() {
        ShardedCluster cluster = read("""
                {"postgres":{"version":17,"image":"registry/pg:17","parameters":{"work_mem":"8MB"}},
                 "shards":{"names":["eu","us"]},"instancesPerShard":5,
                 "replication":{"mode":"Quorum","acknowledgements":2,"durability":"Preferred","method":"FIRST"},
                 "sharding":{"strategy":"ConsistentHash","consistentHash":{"virtualNodes":64},
                   "tables":[{"name":"orders","key":[{"column":"tenant","type":"Uuid"},{"column":"id","type":"BigInt"}]}],
                   "overrides":[{"key":["a","1"],"shard":"eu"}]},
                 "storage":{"size":"10Gi","onDelete":"Delete"},
                 "switchover":[{"shard":"eu","to":"orders-eu-1","request":"again"}],
                 "fencing":{"instances":["orders-us-2"],"shards":["us"]},
                 "failover":{"restartGrace":"0s","fencingJob":{"timeout":"2m","template":{"spec":{"restartPolicy":"Always",
                   "containers":[{"name":"a","image":"b"}]}}}},
                 "update":{"maxShards":2},
                 "initSql":{"configMapRefs":[{"name":"schema","key":"a.sql"}]},"fieldOfANewerVersion":1}
                """);
        ShardedCluster again = serialization.unmarshal(serialization.asJson(cluster), ShardedCluster.class);
        assertThat(again.getSpec()).isEqualTo(cluster.getSpec());
        assertThat(cluster.getSpec().sharding().virtualNodes()).isEqualTo(64);
        assertThat(cluster.getSpec().replication().mode()).isEqualTo(ReplicationMode.QUORUM);
    }

    @Test
    void anEmptyDocumentIsNotAnError() {
        assertThat(read("{}").getSpec().shards().shardNames()).isEmpty();
        assertThat(new ShardedCluster().getStatus()).isEqualTo(ShardedClusterStatus.empty());
    }

    @Test
    void statusComesBackAsItWasWritten() {
        ShardedCluster cluster = read("{}");
        cluster.setStatus(new ShardedClusterStatus(
                3L,
                "Ready",
                null,
                "1/1",
                "3/3",
                new ShardMapState(
                        1L,
                        null,
                        List.of(new PlacementState(
                                null,
                                null,
                                null,
                                null,
                                ShardingStrategy.HASH_RANGE,
                                null,
                                List.of(new MapRange("-9223372036854775808", null, "s0")),
                                List.of(),
                                0,
                                List.of())),
                        List.of(),
                        List.of(new GroupMapState("log", "eu", List.of(), List.of(), true)),
                        false),
                List.of(ShardState.unknown("s0")),
                List.of(new SplitState(
                        "grow",
                        "5f0e",
                        "s0",
                        List.of("s0", "s1"),
                        List.of(new SplitCutState("log", 0, List.of("17"))),
                        List.of(),
                        true,
                        false)),
                new MigrationState("add-preferences", "5f1c"),
                new SchemaChangesState(
                        7L,
                        List.of(new SchemaChangeState(
                                "add-preferences",
                                "5f1c",
                                List.of("public.orders"),
                                SchemaStage.NONE,
                                List.of(new ShardStageState("s0", SchemaStage.FILLED)),
                                "2026-01-01T00:00:30Z"))),
                new SchemaDriftState("2026-01-01T00:00:00Z", "1", null, 1, List.of("table public.a: missing on s0")),
                List.of()));
        assertThat(serialization
                        .unmarshal(serialization.asJson(cluster), ShardedCluster.class)
                        .getStatus())
                .isEqualTo(cluster.getStatus());
    }
}
