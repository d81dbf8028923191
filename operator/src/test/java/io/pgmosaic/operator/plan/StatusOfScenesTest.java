package io.pgmosaic.operator.plan;

import io.fabric8.kubernetes.api.model.Condition;
import io.pgmosaic.api.v1alpha1.cluster.ShardState;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterStatus;
import io.pgmosaic.operator.database.DatabaseReport;
import io.pgmosaic.operator.event.StatusEvents;
import io.pgmosaic.operator.status.ClusterView;
import io.pgmosaic.operator.status.Records;
import io.pgmosaic.operator.status.ShardView;
import io.pgmosaic.operator.status.StatusFactory;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** The status and the events that people see of a shard in a given situation. */
class StatusOfScenesTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    @Test
    void isReadyOnlyWhenAllIsAsDeclared() {
        ShardScene scene = new ShardScene(3);
        assertThat(word(status(scene, NOON), "Ready")).isEqualTo("False Bootstrapping");
        scene.settle();
        ShardedClusterStatus status = status(scene, NOON);
        assertThat(status.phase()).isEqualTo("Ready");
        assertThat(status.shardsReady()).isEqualTo("1/1");
        assertThat(status.instancesReady()).isEqualTo("3/3");
        assertThat(word(status, "Ready")).isEqualTo("True Healthy");
        assertThat(word(status, "Reconciling")).isEqualTo("False Settled");
        assertThat(word(status, "Stalled")).isEqualTo("False NotStalled");
        assertThat(word(status, "Available")).isEqualTo("True AllShardsTakeWrites");
    }

    @Test
    void isDegradedAndAvailableWithoutAStandby() {
        ShardScene scene = new ShardScene(3);
        scene.settle();
        scene.instance(2).runs = false;
        ShardedClusterStatus status = status(scene, NOON);
        assertThat(status.phase()).isEqualTo("Degraded");
        assertThat(word(status, "Ready")).isEqualTo("False StandbyDown");
        assertThat(word(status, "Available")).isEqualTo("True AllShardsTakeWrites");
        assertThat(status.instancesReady()).isEqualTo("2/3");
    }

    @Test
    void canBeBuiltWhileThePrimaryDoesNotAnswer() {
        ShardScene scene = new ShardScene(3);
        scene.settle();
        scene.instance(0).reachable = false;
        scene.instance(1).hearsUpstream = true;
        ShardedClusterStatus status = status(scene, NOON);
        assertThat(status.phase()).isEqualTo("Failed");
        assertThat(word(status, "Available")).isEqualTo("False ShardsDoNotTakeWrites");
        assertThat(word(status, "Stalled")).isEqualTo("True PrimaryUnreachable");
    }

    @Test
    void aConditionKeepsTheTimeOfItsLastTransition() {
        ShardScene scene = new ShardScene(2);
        scene.settle();
        ShardedClusterStatus before = status(scene, NOON);
        ShardedClusterStatus after = StatusFactory.build(before, 1, view(scene), NOON.plusSeconds(60));
        assertThat(condition(after, "Ready").getLastTransitionTime()).isEqualTo(NOON.toString());
        scene.instance(1).runs = false;
        assertThat(condition(StatusFactory.build(after, 1, view(scene), NOON.plusSeconds(90)), "Ready")
                        .getLastTransitionTime())
                .isEqualTo(NOON.plusSeconds(90).toString());
    }

    @Test
    void anInvalidSpecIsNamedAndWhatRunsStaysAvailable() {
        ShardScene scene = new ShardScene(2);
        scene.settle();
        Finding problem = new Finding(Reason.INVALID_SPEC, "orders", "spec.shards.count: cannot be changed");
        ShardedClusterStatus status = StatusFactory.build(
                ShardedClusterStatus.empty(),
                2,
                new ClusterView(List.of(problem), view(scene).shards()),
                NOON);
        assertThat(word(status, "SpecAccepted")).isEqualTo("False InvalidSpec");
        assertThat(condition(status, "SpecAccepted").getMessage())
                .contains("spec.shards.count", "What runs stays as it was");
        assertThat(word(status, "Available")).isEqualTo("True AllShardsTakeWrites");
        assertThat(word(status, "Stalled")).isEqualTo("True InvalidSpec");
    }

    @Test
    void theRecordOfShardsOutlivesASpecThatCannotBeCarriedOut() {
        ShardScene scene = new ShardScene(2);
        scene.settle();
        ShardedClusterStatus stored = new ShardedClusterStatus(
                1L,
                null,
                null,
                null,
                null,
                null,
                List.of(Records.with(ShardState.unknown("s0"), scene.record)),
                List.of());
        Finding problem = new Finding(Reason.INVALID_SPEC, "orders", "spec.shards.count: must be 1 or more");
        ShardedClusterStatus status =
                StatusFactory.build(stored, 2, new ClusterView(List.of(problem), List.of()), NOON);
        assertThat(status.shards()).singleElement().satisfies(shard -> assertThat(Records.of(shard))
                .isEqualTo(scene.record));
    }

    @Test
    void eventsTellOfEveryTurnOnce() {
        ShardScene scene = new ShardScene(3);
        scene.settle();
        ShardedClusterStatus healthy = status(scene, NOON);
        assertThat(StatusEvents.between(healthy, healthy)).isEmpty();
        scene.instance(2).runs = false;
        ShardedClusterStatus degraded = StatusFactory.build(healthy, 1, view(scene), NOON);
        assertThat(StatusEvents.between(healthy, degraded))
                .extracting(StatusEvents.Happened::reason)
                .containsExactly("ShardDegraded");
        scene.instance(2).runs = true;
        ShardedClusterStatus again = StatusFactory.build(degraded, 1, view(scene), NOON);
        assertThat(StatusEvents.between(degraded, again))
                .extracting(StatusEvents.Happened::reason)
                .containsExactly("ShardReady", "Ready");
    }

    private static ShardedClusterStatus status(ShardScene scene, Instant now) {
        return StatusFactory.build(ShardedClusterStatus.empty(), 1, view(scene), now);
    }

    private static ClusterView view(ShardScene scene) {
        DatabaseReport report = scene.databaseReady ? new DatabaseReport(true, List.of(), null, 1, 1) : null;
        return new ClusterView(List.of(), List.of(new ShardView(scene.facts(), scene.plan(), report)));
    }

    private static Condition condition(ShardedClusterStatus status, String type) {
        return status.conditions().stream()
                .filter(condition -> condition.getType().equals(type))
                .findFirst()
                .orElseThrow();
    }

    private static String word(ShardedClusterStatus status, String type) {
        Condition condition = condition(status, type);
        return condition.getStatus() + " " + condition.getReason();
    }
}
