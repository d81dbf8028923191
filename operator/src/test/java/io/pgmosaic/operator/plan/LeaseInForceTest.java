package io.pgmosaic.operator.plan;

import io.pgmosaic.api.v1alpha1.cluster.Durability;
import io.pgmosaic.api.v1alpha1.cluster.FailoverSpec;
import io.pgmosaic.api.v1alpha1.cluster.QuorumMethod;
import io.pgmosaic.api.v1alpha1.cluster.ReplicationMode;
import io.pgmosaic.api.v1alpha1.cluster.ReplicationSpec;
import io.pgmosaic.protocol.instance.InstanceRole;
import io.pgmosaic.protocol.instance.PostgresConfiguration;
import org.junit.jupiter.api.Test;

import java.time.Duration;

import static org.assertj.core.api.Assertions.assertThat;

/** The old primary stops itself by the lease that it was given last, which need not be the declared one. */
class LeaseInForceTest {
    private static final Duration LONG_AGO = Duration.ofSeconds(60);

    private static ShardScene async(int instances) {
        ShardScene scene = new ShardScene(instances);
        scene.replication = new ReplicationSpec(ReplicationMode.ASYNC, null, Durability.REQUIRED, QuorumMethod.ANY);
        scene.settle();
        return scene;
    }

    private static PostgresConfiguration.Lease lease(long millis, int members) {
        return new PostgresConfiguration.Lease(millis, members);
    }

    /** The change is recorded, and the primary is lost before it was told. */
    private static void recordTheChangeAndLoseThePrimary(ShardScene scene) {
        scene.pass();
        scene.instance(0).reachable = false;
    }

    private static void promisesLongAgo(ShardScene scene, int... ordinals) {
        for (int ordinal : ordinals) {
            scene.instance(ordinal).promisedFor = LONG_AGO;
        }
        // An instance without data is asked for its promise again and again, so nothing settles before the decision.
        for (int i = 0; i < 8; i++) {
            scene.pass();
        }
    }

    @Test
    void isRecordedBesideTheDeclaredOneUntilThatIsApplied() {
        ShardScene scene = async(3);
        assertThat(scene.record.configuration().leases()).containsExactly(lease(6000, 3));
        scene.declared = 5;
        scene.add(3);
        scene.add(4);
        scene.pass();
        assertThat(scene.record.configuration().leases()).containsExactly(lease(6000, 3), lease(6000, 5));
        scene.declared = 3;
        scene.pass();
        assertThat(scene.record.configuration().leases()).containsExactly(lease(6000, 5), lease(6000, 3));
        scene.declared = 5;
        scene.settle();
        assertThat(scene.record.configuration().leases()).containsExactly(lease(6000, 5));
        assertThat(scene.plan().headline().reason()).isEqualTo(Reason.HEALTHY);
    }

    @Test
    void countsMajoritiesOfTheFewerBeforeInstancesWereAdded() {
        ShardScene scene = async(3);
        scene.declared = 5;
        scene.add(3);
        scene.add(4);
        recordTheChangeAndLoseThePrimary(scene);
        promisesLongAgo(scene, 1, 2, 3);
        assertThat(scene.record.election())
                .as("the fourth and the primary are a majority of three")
                .isNotNull();
        promisesLongAgo(scene, 4);
        assertThat(scene.record.election()).isNull();
        assertThat(scene.record.primary()).isEqualTo("orders-s0-1");
    }

    @Test
    void countsThoseThatAreToLeave() {
        ShardScene scene = async(5);
        scene.declared = 3;
        recordTheChangeAndLoseThePrimary(scene);
        promisesLongAgo(scene, 1, 2, 3);
        assertThat(scene.record.election())
                .as("of five, and if it was told, of three")
                .isNotNull();
        promisesLongAgo(scene, 4);
        assertThat(scene.record.election()).isNull();
    }

    @Test
    void asFewAsEverSufficeOnceTheChangeIsApplied() {
        ShardScene scene = async(3);
        scene.declared = 5;
        scene.add(3);
        scene.add(4);
        scene.settle();
        scene.instance(0).reachable = false;
        promisesLongAgo(scene, 1, 2);
        assertThat(scene.record.election()).isNotNull();
        promisesLongAgo(scene, 3);
        assertThat(scene.record.election()).isNull();
    }

    @Test
    void theLongerOneIsWaitedFor() {
        ShardScene scene = async(3);
        scene.failover = new FailoverSpec("2s", "3s", "3s", FailoverSpec.DEFAULT_MAX_DATA_LOSS_BYTES, null);
        recordTheChangeAndLoseThePrimary(scene);
        scene.instance(1).promisedFor = Duration.ofSeconds(5);
        scene.instance(2).promisedFor = Duration.ofSeconds(5);
        assertThat(scene.settle().findings())
                .anyMatch(finding -> finding.message().contains("its lease of 6000 ms"));
        assertThat(scene.record.election()).isNotNull();
        scene.instance(1).promisedFor = Duration.ofSeconds(7);
        scene.instance(2).promisedFor = Duration.ofSeconds(7);
        scene.settle();
        assertThat(scene.record.election()).isNull();
    }

    @Test
    void oneThatHadNoStandbyMayHaveNone() {
        ShardScene scene = async(1);
        scene.declared = 2;
        scene.add(1).holds(ShardScene.SYSTEM, InstanceRole.STANDBY, 1);
        recordTheChangeAndLoseThePrimary(scene);
        promisesLongAgo(scene, 1);
        assertThat(scene.record.primary()).isEqualTo("orders-s0-0");
    }
}
