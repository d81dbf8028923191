package io.pgmosaic.operator.plan;

import io.pgmosaic.api.v1alpha1.cluster.Durability;
import io.pgmosaic.api.v1alpha1.cluster.FencingSpec;
import io.pgmosaic.api.v1alpha1.cluster.QuorumMethod;
import io.pgmosaic.api.v1alpha1.cluster.ReplicationMode;
import io.pgmosaic.api.v1alpha1.cluster.ReplicationSpec;
import io.pgmosaic.api.v1alpha1.cluster.SwitchoverSpec;
import io.pgmosaic.protocol.Lsn;
import io.pgmosaic.protocol.instance.InstanceCommand;
import io.pgmosaic.protocol.instance.InstanceRole;
import io.pgmosaic.protocol.instance.LogPosition;
import io.pgmosaic.protocol.instance.PostgresConfiguration;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import static org.assertj.core.api.Assertions.assertThat;

/** Failovers and switchovers, decision by decision; the orders of events are the simulation's. */
class FailoverTest {
    private static ShardScene running(int instances) {
        ShardScene scene = new ShardScene(instances);
        assertThat(scene.settle().headline().reason()).isEqualTo(Reason.HEALTHY);
        return scene;
    }

    private static ReplicationSpec mode(ReplicationMode mode, Durability durability) {
        return new ReplicationSpec(mode, null, durability, QuorumMethod.ANY);
    }

    private static FailoverReport report(ShardScene scene) {
        return Objects.requireNonNull(scene.record.lastFailover());
    }

    @Test
    void replacesAPrimaryThatNobodyReachesAndLosesNothing() {
        ShardScene scene = running(3);
        scene.instance(0).reachable = false;
        scene.instance(2).logEnd = Lsn.parse("0/5000000");
        scene.settle();
        assertThat(scene.record.primary()).isEqualTo("orders-s0-2");
        assertThat(scene.record.term()).isEqualTo(2);
        assertThat(report(scene).dataLossBound()).isZero();
        assertThat(report(scene).positions()).containsEntry("orders-s0-2", new LogPosition(1, Lsn.parse("0/5000000")));
        assertThat(scene.instance(2).open).isTrue();
        assertThat(scene.instance(1).upstream).isEqualTo("orders-s0-2");
    }

    @Test
    void theOldPrimaryComesBackAsAStandby() {
        ShardScene scene = running(3);
        scene.instance(0).reachable = false;
        scene.settle();
        scene.instance(0).reachable = true;
        assertThat(scene.settle().headline().reason()).isEqualTo(Reason.HEALTHY);
        assertThat(scene.instance(0).role).isEqualTo(InstanceRole.STANDBY);
        assertThat(scene.record.configuration().synchronous().standbys()).hasSize(2);
    }

    @Test
    void opensBeforeItsSynchronousStandbysChange() {
        ShardScene scene = running(3);
        scene.instance(0).reachable = false;
        while (scene.record.term() == 1 || scene.record.election() != null) {
            scene.pass();
        }
        SynchronousSet first = scene.record.configuration().synchronous();
        assertThat(first.standbys()).hasSize(1);
        scene.instance(0).reachable = true;
        ShardScene.Instance primary = Objects.requireNonNull(scene.instances.get(scene.record.primary()));
        for (int i = 0; i < 10 && !primary.open; i++) {
            scene.pass();
            assertThat(scene.record.configuration().synchronous()).isEqualTo(first);
        }
        assertThat(primary.open).isTrue();
        scene.settle();
        assertThat(scene.record.configuration().synchronous().standbys()).hasSize(2);
    }

    @Test
    void doesNotReplaceAPrimaryThatOnlyTheOperatorHasLost() {
        ShardScene scene = running(3);
        scene.instance(0).reachable = false;
        scene.instance(1).hearsUpstream = true;
        scene.instance(2).hearsUpstream = true;
        assertThat(scene.settle().headline().reason()).isEqualTo(Reason.PRIMARY_UNREACHABLE);
        assertThat(scene.record.term()).isEqualTo(1);
    }

    @Test
    void waitsUntilEveryGroupThatMayHaveAcknowledgedIsMet() {
        ShardScene scene = running(3);
        scene.instance(0).reachable = false;
        scene.instance(2).reachable = false;
        ShardPlan plan = scene.settle();
        assertThat(scene.record.term()).isEqualTo(1);
        assertThat(plan.findings()).extracting(Finding::reason).contains(Reason.FAILOVER_BLOCKED);
        scene.instance(2).reachable = true;
        scene.settle();
        assertThat(scene.record.term()).isEqualTo(2);
        assertThat(scene.record.primary()).isIn("orders-s0-1", "orders-s0-2");
    }

    @Test
    void anAbsentStandbyLeavesTheSetSoThatTheOtherMayTakeOverAlone() {
        ShardScene scene = running(3);
        scene.instance(2).reachable = false;
        scene.instance(2).runs = false;
        scene.instance(2).notStreamingFor = Duration.ofSeconds(30);
        scene.settle();
        assertThat(scene.record.configuration().synchronous()).isEqualTo(new SynchronousSet(List.of("orders-s0-1"), 1));
        assertThat(scene.record.configuration().earlier()).isEmpty();
        scene.instance(0).reachable = false;
        scene.settle();
        assertThat(scene.record.primary()).isEqualTo("orders-s0-1");
    }

    @Test
    void aStandbyWhoseVolumeWasLostCountsForNothing() {
        ShardScene scene = running(3);
        scene.instance(0).reachable = false;
        scene.instance(1).data = io.pgmosaic.protocol.instance.DataDirectory.State.EMPTY;
        scene.instance(1).role = InstanceRole.NONE;
        scene.instance(1).runs = false;
        scene.settle();
        assertThat(scene.record.term()).isEqualTo(1);
    }

    @Test
    void twoInstancesFailOverSinceTheOnlyStandbyHasEverythingAcknowledged() {
        ShardScene scene = running(2);
        scene.instance(0).reachable = false;
        scene.settle();
        assertThat(scene.record.primary()).isEqualTo("orders-s0-1");
        assertThat(scene.instance(1).open).isFalse();
        scene.instance(0).reachable = true;
        scene.settle();
        assertThat(scene.instance(1).open).isTrue();
    }

    @Test
    void withoutAcknowledgementsTheLeaseOfTheOldPrimaryMustHaveRunOut() {
        ShardScene scene = new ShardScene(3);
        scene.replication = mode(ReplicationMode.ASYNC, Durability.REQUIRED);
        scene.settle();
        scene.instance(0).reachable = false;
        scene.instance(0).lastWritten = new LogPosition(1, Lsn.parse("0/400"));
        scene.instance(1).logEnd = Lsn.parse("0/300");
        scene.settle();
        assertThat(scene.record.election()).isNotNull();
        scene.instance(1).promisedFor = Duration.ofSeconds(7);
        scene.settle();
        assertThat(scene.record.election())
                .as("one of three does not take its majority away")
                .isNotNull();
        scene.instance(2).promisedFor = Duration.ofSeconds(7);
        scene.settle();
        assertThat(scene.record.primary()).isEqualTo("orders-s0-1");
        assertThat(report(scene).dataLossBound()).isEqualTo(256L);
    }

    @Test
    void preferredLowersItsAcknowledgementsOnRecordAndBoundsTheLoss() {
        ShardScene scene = new ShardScene(2);
        scene.replication = mode(ReplicationMode.SEMI_SYNC, Durability.PREFERRED);
        scene.settle();
        scene.instance(1).reachable = false;
        scene.instance(1).runs = false;
        scene.instance(1).notStreamingFor = Duration.ofSeconds(3);
        ShardPlan degraded = scene.settle();
        assertThat(degraded.findings()).extracting(Finding::reason).contains(Reason.DURABILITY_REDUCED);
        assertThat(scene.record.configuration().synchronous().acknowledgements())
                .isZero();

        scene.instance(1).reachable = true;
        scene.instance(0).reachable = false;
        scene.instance(1).runs = true;
        scene.instance(1).promisedFor = Duration.ofSeconds(60);
        scene.instance(0).lastWritten = new LogPosition(1, Lsn.parse("0/4000000"));
        scene.settle();
        assertThat(scene.record.election()).as("more than maxDataLossBytes").isNotNull();
        scene.instance(0).lastWritten = new LogPosition(1, Lsn.parse("0/40000"));
        scene.settle();
        assertThat(scene.record.primary()).isEqualTo("orders-s0-1");
        assertThat(report(scene).dataLossBound()).isEqualTo(0x40000L);
    }

    @Test
    void aPrimaryWhosePostgresDiedIsResumedAndReplacedOnlyAfterTheGrace() {
        ShardScene scene = running(3);
        scene.instance(0).runs = false;
        scene.instance(0).refusal = null;
        scene.instance(0).notRunningFor = Duration.ofMillis(100);
        assertThat(scene.plan().commands()).hasSize(1).first().isInstanceOf(InstanceCommand.Resume.class);
        scene.instance(0).notRunningFor = Duration.ofSeconds(4);
        scene.settle();
        assertThat(scene.record.term()).isEqualTo(2);
    }

    @Test
    void aResumedPrimaryOpensOnlyWhenItsStandbysHaveItsLog() {
        ShardScene scene = running(3);
        ShardScene.Instance primary = scene.instance(0);
        primary.runs = false;
        scene.pass();
        assertThat(primary.runs).isTrue();
        assertThat(primary.open).isFalse();
        primary.logEnd = Lsn.parse("0/9000000");
        assertThat(scene.plan().commands()).noneMatch(command -> command instanceof InstanceCommand.Open);
        scene.instance(1).logEnd = Lsn.parse("0/9000000");
        assertThat(scene.plan().commands()).anyMatch(command -> command instanceof InstanceCommand.Open);
    }

    @Test
    void aPrimaryWithAnEmptyVolumeIsReplaced() {
        ShardScene scene = running(3);
        ShardScene.Instance primary = scene.instance(0);
        primary.data = io.pgmosaic.protocol.instance.DataDirectory.State.EMPTY;
        primary.role = InstanceRole.NONE;
        primary.runs = false;
        assertThat(scene.settle().headline().reason()).isEqualTo(Reason.HEALTHY);
        assertThat(scene.record.term()).isEqualTo(2);
        assertThat(scene.bootstraps).isEqualTo(1);
        assertThat(primary.role).isEqualTo(InstanceRole.STANDBY);
    }

    @Test
    void handsOverOnRequestOnceAndSaysSo() {
        ShardScene scene = running(3);
        scene.switchover = List.of(new SwitchoverSpec("s0", "orders-s0-2", null));
        scene.settle();
        assertThat(scene.record.primary()).isEqualTo("orders-s0-2");
        assertThat(scene.record.switchover()).returns(SwitchoverOutcome.State.DONE, SwitchoverOutcome::state);
        assertThat(report(scene).kind()).isEqualTo(OpenElection.Kind.SWITCHOVER);
        long term = scene.record.term();
        scene.instance(2).reachable = false;
        scene.settle();
        scene.instance(2).reachable = true;
        scene.settle();
        assertThat(scene.record.term()).as("it is not done again").isEqualTo(term + 1);
    }

    @Test
    void refusesAnUnsafeSwitchoverAndDoesItOnceItIsSafe() {
        ShardScene scene = running(3);
        scene.instance(2).reachable = false;
        scene.instance(2).runs = false;
        scene.switchover = List.of(new SwitchoverSpec("s0", "orders-s0-2", null));
        ShardPlan refused = scene.settle();
        assertThat(refused.findings()).anySatisfy(finding -> assertThat(finding)
                .returns(Reason.SWITCHOVER_REFUSED, Finding::reason)
                .satisfies(told -> assertThat(told.message()).contains("orders-s0-2 is no running standby")));
        assertThat(scene.record.switchover()).returns(SwitchoverOutcome.State.REFUSED, SwitchoverOutcome::state);
        scene.instance(2).reachable = true;
        scene.settle();
        assertThat(scene.record.primary()).isEqualTo("orders-s0-2");
    }

    @Test
    void aSwitchoverToThePrimaryItselfChangesNothing() {
        ShardScene scene = running(3);
        scene.switchover = List.of(new SwitchoverSpec("s0", "orders-s0-0", null));
        scene.settle();
        assertThat(scene.record.term()).isEqualTo(1);
        assertThat(scene.record.switchover()).returns(SwitchoverOutcome.State.DONE, SwitchoverOutcome::state);
    }

    @Test
    void aPrimaryDiesInTheMiddleOfItsSwitchover() {
        ShardScene scene = running(3);
        scene.switchover = List.of(new SwitchoverSpec("s0", "orders-s0-2", null));
        while (scene.record.election() == null) {
            scene.pass();
        }
        scene.instance(0).reachable = false;
        scene.settle();
        assertThat(scene.record.primary()).isEqualTo("orders-s0-2");
    }

    @Test
    void aFencedPrimaryIsReplacedAndStopped() {
        ShardScene scene = running(3);
        scene.fencing = new FencingSpec(List.of("orders-s0-0"), List.of());
        scene.settle();
        assertThat(scene.record.primary()).isNotEqualTo("orders-s0-0");
        assertThat(scene.instance(0).runs).isFalse();
        assertThat(scene.record.configuration().members()).doesNotContain("orders-s0-0");
        scene.fencing = FencingSpec.none();
        assertThat(scene.settle().headline().reason()).isEqualTo(Reason.HEALTHY);
    }

    @Test
    void fencingTheOnlyStandbyDoesNotLetCommitsGoOnAlone() {
        ShardScene scene = running(2);
        scene.fencing = new FencingSpec(List.of("orders-s0-1"), List.of());
        scene.instance(1).notStreamingFor = Duration.ofSeconds(30);
        scene.settle();
        assertThat(scene.instance(1).runs).isFalse();
        assertThat(scene.record.configuration().synchronous()).isEqualTo(new SynchronousSet(List.of("orders-s0-1"), 1));
    }

    @Test
    void aFencedShardKeepsApplicationsOut() {
        ShardScene scene = running(3);
        scene.fencing = new FencingSpec(List.of(), List.of("s0"));
        assertThat(scene.settle().headline().reason()).isEqualTo(Reason.FENCED);
        assertThat(scene.instance(0).open).isFalse();
        assertThat(scene.instance(0).runs).isTrue();
        scene.fencing = FencingSpec.none();
        scene.settle();
        assertThat(scene.instance(0).open).isTrue();
    }

    @Test
    void restartsStandbysFirstThenHandsOverThenTheOldPrimary() {
        ShardScene scene = running(3);
        scene.instances.values().forEach(instance -> instance.outdated = true);
        List<String> restarted = new java.util.ArrayList<>();
        for (int i = 0; i < 100; i++) {
            String restart = scene.pass().restart();
            if (restart != null) {
                restarted.add(restart);
                Objects.requireNonNull(scene.instances.get(restart)).outdated = false;
            }
        }
        assertThat(restarted).containsExactly("orders-s0-2", "orders-s0-1", "orders-s0-0");
        assertThat(scene.record.term()).isEqualTo(2);
        assertThat(scene.record.primary()).isNotEqualTo("orders-s0-0");
    }

    @Test
    void doesNotHandOverToAStandbyThatHasNotReadTheChangeYet() {
        ShardScene scene = running(3);
        scene.instance(0).pendingRestart = List.of("shared_buffers");
        // Its manager is slow: it has not read the configuration that the primary runs with.
        PostgresConfiguration read = Objects.requireNonNull(scene.instance(1).configuration);
        scene.instance(1).configuration = new PostgresConfiguration(read.sequence() - 1, Map.of(), "", List.of(), true);
        assertThat(scene.plan().record().election()).isNull();
        scene.instance(1).configuration = read;
        assertThat(Objects.requireNonNull(scene.plan().record().election()).cause())
                .isEqualTo("RollingChange");
    }

    @Test
    void takesATermAboveEveryPromise() {
        ShardScene scene = running(3);
        scene.instance(1).promised = 9;
        scene.pass();
        assertThat(scene.record.term()).isEqualTo(10);
    }

    @Test
    void everyWaitIsSaidInWords() {
        ShardScene scene = running(3);
        scene.instance(0).reachable = false;
        while (scene.record.election() == null) {
            scene.pass();
        }
        scene.instance(2).reachable = false;
        scene.pass();
        assertThat(scene.plan().findings()).anySatisfy(finding -> assertThat(finding.message())
                .contains("term 2 has no primary yet", "2 must promise", "waiting for orders-s0-2"));
    }
}
