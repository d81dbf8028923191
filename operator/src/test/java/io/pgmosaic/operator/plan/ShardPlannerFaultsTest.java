package io.pgmosaic.operator.plan;

import io.pgmosaic.protocol.instance.DataDirectory;
import io.pgmosaic.protocol.instance.InstanceCommand;
import io.pgmosaic.protocol.instance.InstanceRole;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What the planner makes of shards that something was done to. */
class ShardPlannerFaultsTest {
    @Test
    void completesABootstrapThatWasCutShortAfterInitdb() {
        ShardScene scene = new ShardScene(2);
        scene.pass();
        scene.instance(0).holds(ShardScene.SYSTEM, InstanceRole.PRIMARY, 1);
        scene.pass();
        assertThat(scene.record.systemIdentifier()).isEqualTo(ShardScene.SYSTEM);
        assertThat(scene.settle().headline().reason()).isEqualTo(Reason.HEALTHY);
        assertThat(scene.bootstraps).isZero();
    }

    @Test
    void looksAtVolumesBeyondTheDeclaredInstancesBeforeItCreatesAnything() {
        ShardScene scene = new ShardScene(1);
        ShardScene.Instance left = scene.add(2);
        left.volumePredatesCluster = true;
        left.reachable = false;
        ShardPlan plan = scene.settle();
        assertThat(scene.bootstraps).isZero();
        assertThat(plan.replicas()).isEqualTo(3);

        left.reachable = true;
        left.holds(ShardScene.SYSTEM, InstanceRole.PRIMARY, 3);
        scene.pass();
        assertThat(scene.record.primary()).isEqualTo(left.name);
        assertThat(scene.record.term()).isEqualTo(3);
    }

    @Test
    void keepsThePodOfAPrimaryThatIsBeyondTheDeclaredInstancesUntilItHasHandedOver() {
        ShardScene scene = new ShardScene(1);
        ShardScene.Instance primary = scene.add(1);
        scene.instance(0).holds(ShardScene.SYSTEM, InstanceRole.STANDBY, 2);
        primary.holds(ShardScene.SYSTEM, InstanceRole.PRIMARY, 2);
        while (scene.record.lastFailover() == null) {
            assertThat(scene.pass().replicas()).isEqualTo(2);
        }
        scene.settle();
        assertThat(scene.record.primary()).isEqualTo("orders-s0-0");
        assertThat(scene.plan().replicas()).isEqualTo(1);
    }

    @Test
    void tellsWhatAnInstanceRefused() {
        ShardScene scene = new ShardScene(2);
        scene.settle();
        scene.parameters.put("work_mem", "lots");
        scene.pass();
        scene.instance(0).refusal = "configure was refused: work_mem";
        assertThat(scene.plan().headline())
                .returns(Reason.COMMAND_REFUSED, Finding::reason)
                .satisfies(finding -> assertThat(finding.message()).contains("orders-s0-0", "work_mem"));
    }

    @Test
    void aStandbyFollowsOnlyOnceThePrimaryHoldsItsSlot() {
        ShardScene scene = new ShardScene(1);
        scene.settle();
        scene.declared = 2;
        scene.add(1);
        scene.pass();
        assertThat(scene.plan().commands())
                .singleElement()
                .isInstanceOfSatisfying(InstanceCommand.Configure.class, configure -> assertThat(
                                configure.configuration().replicationSlots())
                        .containsExactly("mosaic_1"));
        assertThat(scene.settle().headline().reason()).isEqualTo(Reason.HEALTHY);
    }

    private static void losesItsPromise(ShardScene.Instance instance) {
        instance.data = DataDirectory.State.UNREADABLE;
        instance.runs = false;
        instance.upstream = null;
    }

    @Test
    void aStandbyWithoutAReadablePromiseIsSaidAndClonedFromThePrimary() {
        ShardScene scene = new ShardScene(3);
        scene.settle();
        losesItsPromise(scene.instance(2));
        ShardPlan plan = scene.plan();
        assertThat(plan.headline())
                .returns(Reason.UNUSABLE_VOLUME, Finding::reason)
                .returns("orders-s0-2", Finding::subject);
        assertThat(plan.databaseReachable()).isTrue();
        assertThat(plan.commands())
                .singleElement()
                .isInstanceOfSatisfying(InstanceCommand.Follow.class, follow -> assertThat(follow.replaceData())
                        .isTrue());
        assertThat(scene.settle().headline().reason()).isEqualTo(Reason.HEALTHY);
    }

    @Test
    void withoutAReadablePromiseAStandbyIsNeitherCountedNorReplacedWhileThePrimaryIsAway() {
        ShardScene scene = new ShardScene(3);
        scene.settle();
        losesItsPromise(scene.instance(2));
        scene.instance(0).reachable = false;
        ShardPlan plan = scene.settle();
        assertThat(scene.record.term()).isEqualTo(1);
        assertThat(plan.commands()).isEmpty();
        assertThat(plan.findings())
                .anyMatch(finding -> finding.reason() == Reason.UNUSABLE_VOLUME
                        && finding.subject().equals("orders-s0-2"));
        assertThat(plan.findings()).anyMatch(finding -> finding.reason() == Reason.FAILOVER_BLOCKED);
    }

    @Test
    void aPrimaryWithoutAReadablePromiseIsReplacedAndThenCloned() {
        ShardScene scene = new ShardScene(3);
        scene.settle();
        losesItsPromise(scene.instance(0));
        assertThat(scene.settle().headline().reason()).isEqualTo(Reason.HEALTHY);
        assertThat(scene.record.term()).isEqualTo(2);
        assertThat(scene.instance(0).role).isEqualTo(InstanceRole.STANDBY);
    }

    @Test
    void aRecordBacksOnlyCommandsThatItLeadsTo() {
        ShardScene scene = new ShardScene(2);
        scene.pass();
        ShardRecord creating = scene.record;
        InstanceCommand bootstrap = scene.plan().commands().getFirst();
        assertThat(creating.backs(bootstrap)).isTrue();
        scene.settle();
        ShardRecord running = scene.record;
        assertThat(running.backs(bootstrap)).as("a second database").isFalse();

        ShardScene.Instance lost = scene.instance(1);
        lost.data = DataDirectory.State.EMPTY;
        lost.role = InstanceRole.NONE;
        lost.runs = false;
        lost.upstream = null;
        InstanceCommand follow = scene.plan().commands().getFirst();
        assertThat(follow).isInstanceOf(InstanceCommand.Follow.class);
        assertThat(running.backs(follow)).isTrue();
        assertThat(creating.backs(follow)).isFalse();
        ShardRecord later = running.withPrimary(2, "orders-s0-1", ShardScene.SYSTEM);
        assertThat(later.backs(follow)).as("of a term that is over").isFalse();
        InstanceCommand revoke = new InstanceCommand.Revoke(follow.target(), 2, false);
        assertThat(later.backs(revoke)).isTrue();
        assertThat(running.backs(revoke)).isFalse();
    }
}
