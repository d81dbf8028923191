package io.pgmosaic.local.cluster;

import io.pgmosaic.api.v1alpha1.cluster.FailoverState;
import io.pgmosaic.api.v1alpha1.cluster.InstanceState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * What a person declares about a shard that serves: who shall be primary, who shall not run, what needs a restart, what goes
 * before durability. A client writes all the while, and nothing that it was told is lost.
 */
final class DeclaredChangesTest {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final int SOME_WRITES = 20;
    private static final String ONE_SHARD = "shards: {count: 1}";
    private static final String TWO_INSTANCES = "instancesPerShard: 2";
    private static final String THREE_INSTANCES = "instancesPerShard: 3";

    @RegisterExtension
    static final OneLocalCluster ONE = new OneLocalCluster("declared");

    private final LocalCluster local = ONE.local();

    @Test
    void aSwitchoverMakesTheNamedStandbyThePrimary() throws SQLException {
        TestCluster cluster = TestCluster.create(local, "handed", ONE_SHARD, THREE_INSTANCES);
        cluster.awaitReady();
        whileAClientWrites(cluster, writes -> {
            cluster.apply(
                    ONE_SHARD, THREE_INSTANCES, "switchover: [{shard: s0, to: handed-s0-2, request: 'maintenance'}]");
            awaitPrimary(cluster, "handed-s0-2");
        });
        FailoverState change = lastChange(cluster);
        assertThat(change.kind()).isEqualTo("Switchover");
        assertThat(change.oldPrimary()).isEqualTo("handed-s0-0");
        assertThat(change.newPrimary()).isEqualTo("handed-s0-2");
        assertThat(cluster.shard().term()).isEqualTo(2);
        assertThat(cluster.shard().instances()).allMatch(InstanceState::ready);
    }

    @Test
    void aFencedPrimaryIsReplacedAndStaysStoppedUntilItIsReleased() throws SQLException {
        TestCluster cluster = TestCluster.create(local, "fenced", ONE_SHARD, THREE_INSTANCES);
        cluster.awaitReady();
        whileAClientWrites(cluster, writes -> {
            cluster.apply(ONE_SHARD, THREE_INSTANCES, "fencing: {instances: [fenced-s0-0]}");
            cluster.awaitCondition("Ready", "False", "Fenced");
            cluster.awaitThat(found ->
                    !"fenced-s0-0".equals(found.getStatus().shards().getFirst().primary()));
            awaitMore(writes);
            await().atMost(LIMIT).untilAsserted(() -> assertThatThrownBy(() -> cluster.superuser("fenced-s0-0"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("refused"));

            cluster.apply(ONE_SHARD, THREE_INSTANCES);
        });
        assertThat(cluster.shard().primary()).isNotEqualTo("fenced-s0-0");
        try (Connection released = cluster.superuser("fenced-s0-0")) {
            assertThat(TestCluster.one(released, "SELECT pg_is_in_recovery()")).isEqualTo("t");
        }
    }

    @Test
    void aFencedShardTakesNoWritesUntilItIsReleased() throws SQLException {
        TestCluster cluster = TestCluster.create(local, "closed", ONE_SHARD, TWO_INSTANCES);
        cluster.awaitReady();
        whileAClientWrites(cluster, writes -> {
            cluster.apply(ONE_SHARD, TWO_INSTANCES, "fencing: {shards: [s0]}");
            cluster.awaitCondition("Available", "False", "ShardsDoNotTakeWrites");
            await().atMost(LIMIT).untilAsserted(() -> assertThatThrownBy(cluster::application)
                    .isInstanceOf(SQLException.class));
            int whenClosed = writes.count();
            cluster.awaitCondition("Ready", "False", "Fenced");
            assertThat(writes.count()).isEqualTo(whenClosed);

            cluster.apply(ONE_SHARD, TWO_INSTANCES);
        });
        assertThat(cluster.shard().primary()).isEqualTo("closed-s0-0");
    }

    @Test
    void aParameterThatNeedsARestartReachesOneInstanceAfterAnother() throws SQLException {
        TestCluster cluster = TestCluster.create(local, "rolled", buffers("16MB"), ONE_SHARD, THREE_INSTANCES);
        cluster.awaitReady();
        whileAClientWrites(cluster, writes -> {
            cluster.apply(buffers("24MB"), ONE_SHARD, THREE_INSTANCES);
            await().atMost(LIMIT).ignoreExceptionsInstanceOf(SQLException.class).untilAsserted(() -> {
                for (String instance : cluster.pods()) {
                    try (Connection superuser = cluster.superuser(instance)) {
                        assertThat(TestCluster.one(superuser, "SHOW shared_buffers"))
                                .isEqualTo("24MB");
                    }
                }
            });
        });
        // The last to restart is the old primary, after it has handed over.
        assertThat(lastChange(cluster).kind()).isEqualTo("Switchover");
        assertThat(lastChange(cluster).oldPrimary()).isEqualTo("rolled-s0-0");
        assertThat(cluster.shard().primary()).isNotEqualTo("rolled-s0-0");
    }

    private static String buffers(String size) {
        return "postgres: {parameters: {shared_buffers: '" + size + "'}}";
    }

    @Test
    void withPreferredDurabilityWritesGoOnWithoutTheStandby() throws SQLException {
        String preferred = "replication: {durability: Preferred}";
        TestCluster cluster = TestCluster.create(local, "eager", ONE_SHARD, TWO_INSTANCES, preferred);
        cluster.awaitReady();
        whileAClientWrites(cluster, writes -> {
            cluster.apply(ONE_SHARD, TWO_INSTANCES, preferred, "fencing: {instances: [eager-s0-1]}");
            cluster.awaitThat(found -> Objects.requireNonNull(
                            found.getStatus().shards().getFirst().configuration())
                    .synchronousStandbys()
                    .isEmpty());
            awaitMore(writes);
            cluster.awaitCondition("Available", "True", "AllShardsTakeWrites");

            cluster.apply(ONE_SHARD, TWO_INSTANCES, preferred);
        });
        assertThat(Objects.requireNonNull(cluster.shard().configuration()).synchronousStandbys())
                .containsExactly("eager-s0-1");
    }

    private interface Change {
        void happen(AcknowledgedWrites writes) throws SQLException;
    }

    /** Writes before, during and after the change, until the cluster is ready again; all of it must be there then. */
    private static void whileAClientWrites(TestCluster cluster, Change change) throws SQLException {
        AcknowledgedWrites writes = AcknowledgedWrites.begin(cluster);
        try (writes) {
            awaitMore(writes);
            change.happen(writes);
            cluster.awaitReady();
            awaitMore(writes);
        }
        assertThat(writes.missing()).isEmpty();
    }

    private static void awaitMore(AcknowledgedWrites writes) {
        int before = writes.count();
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(writes.count()).isGreaterThanOrEqualTo(before + SOME_WRITES));
    }

    private static void awaitPrimary(TestCluster cluster, String instance) {
        cluster.awaitThat(
                found -> instance.equals(found.getStatus().shards().getFirst().primary()));
    }

    private static FailoverState lastChange(TestCluster cluster) {
        return Objects.requireNonNull(cluster.shard().lastFailover(), "the primary never changed");
    }
}
