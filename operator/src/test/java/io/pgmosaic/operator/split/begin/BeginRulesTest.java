package io.pgmosaic.operator.split.begin;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.pgmosaic.api.v1alpha1.cluster.MigrationState;
import io.pgmosaic.api.v1alpha1.cluster.ShardState;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterSpec;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterStatus;
import io.pgmosaic.api.v1alpha1.cluster.SplitState;
import io.pgmosaic.api.v1alpha1.split.ShardSplit;
import io.pgmosaic.maps.DeclaredMap;
import io.pgmosaic.maps.RecordedMap;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Objects;

import static org.assertj.core.api.Assertions.assertThat;

class BeginRulesTest {
    private static final KubernetesSerialization YAML = new KubernetesSerialization();

    private static ShardedCluster cluster(String sharding, SplitState... splits) {
        ShardedCluster cluster = YAML.unmarshal("""
                apiVersion: pgmosaic.io/v1alpha1
                kind: ShardedCluster
                metadata: {name: orders, namespace: default, uid: u}
                spec:
                  shards: {count: 2}
                  postgres: {version: "15"}
                  storage: {size: 1Gi}
                  sharding: %s
                """.formatted(sharding), ShardedCluster.class);
        ShardedClusterSpec spec = cluster.getSpec();
        cluster.setStatus(ShardedClusterStatus.empty()
                .with(
                        RecordedMap.of(DeclaredMap.of(spec.shards().shardNames(), spec.sharding())),
                        List.of(ShardState.unknown("s0"), ShardState.unknown("s1")),
                        List.of(splits)));
        return cluster;
    }

    private static final String PLAIN = "{tables: [{name: orders, key: [{column: id, type: BigInt}]}]}";

    private static List<String> problems(ShardedCluster cluster, String split) {
        return BeginRules.problems(
                YAML.unmarshal(
                                "apiVersion: pgmosaic.io/v1alpha1\nkind: ShardSplit\nmetadata: {name: grow}\n"
                                        + "spec: {cluster: {name: orders}, " + split + "}",
                                ShardSplit.class)
                        .getSpec(),
                cluster,
                Objects.requireNonNull(cluster.getSpec()));
    }

    @Test
    void aSoundSplitHasNoProblem() {
        assertThat(problems(cluster(PLAIN), "source: s0, targets: [{name: s0}, {name: s2}]"))
                .isEmpty();
    }

    @Test
    void everyProblemIsToldAtOnce() {
        SplitState other = new SplitState("other", "o", "s0", List.of("s0", "s9"), List.of(), List.of(), false, false);
        assertThat(problems(
                        cluster(PLAIN, other),
                        "source: s0,"
                                + " targets: [{name: s1}, {name: x-primary}, {name: a23456789012345678901234567890}]"))
                .satisfiesExactly(
                        one -> assertThat(one).contains("shard s1 exists: write the name of a new one"),
                        two -> assertThat(two).contains("x-primary would clash with the Service"),
                        three -> assertThat(three).contains("part of ShardSplit other, which is under way"));
    }

    @Test
    void noSplitBeginsWhileAMigrationChangesTheShards() {
        ShardedCluster cluster = cluster(PLAIN);
        cluster.setStatus(cluster.getStatus().with(new MigrationState("add-currency", "m")));
        assertThat(problems(cluster, "source: s0, targets: [{name: s0}, {name: s2}]"))
                .containsExactly("cluster: SchemaMigration add-currency is changing its shards: wait for its end, which"
                        + " begins this split, or delete it");
    }

    @Test
    void aSourceThatIsNotThereIsNamedWithThoseThatAre() {
        assertThat(problems(cluster(PLAIN), "source: s7, targets: [{name: s8}, {name: s9}]"))
                .containsExactly("source: cluster orders has no shard s7, it has s0, s1: write one of these");
    }

    @Test
    void aNameThatIsTooLongIsRefused() {
        ShardedCluster cluster = cluster(PLAIN);
        cluster.getMetadata().setName("a-name-that-is-quite-long-already");
        assertThat(problems(cluster, "source: s0, targets: [{name: s0}, {name: and-a-shard-that-is-too}]"))
                .singleElement()
                .asString()
                .contains("is 57 characters, and a shard's objects have 52 at most");
    }

    @Test
    void whatThisVersionCannotMoveIsRefused() {
        assertThat(problems(
                        cluster("{directory: {}, tables: [{name: orders, key: [{column: id, type: BigInt}]}]}"),
                        "source: s0, targets: [{name: s0}, {name: s2}]"))
                .singleElement()
                .asString()
                .contains("tables with a directory cannot be split by this version");
        assertThat(problems(
                        cluster("{tables: [{name: users, key: [{column: id, type: BigInt}],"
                                + " lookupIndexes: [{name: by-email, column: email}]}]}"),
                        "source: s0, targets: [{name: s0}, {name: s2}]"))
                .singleElement()
                .asString()
                .contains("lookup indexes, which this version cannot split");
    }
}
