package io.pgmosaic.operator.plan;

import io.fabric8.kubernetes.api.model.Condition;
import io.pgmosaic.api.v1alpha1.cluster.SchemaDriftState;
import io.pgmosaic.api.v1alpha1.cluster.ShardState;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterStatus;
import io.pgmosaic.api.v1alpha1.cluster.SwitchoverSpec;
import io.pgmosaic.operator.database.DatabaseReport;
import io.pgmosaic.operator.event.EventRecorder;
import io.pgmosaic.operator.event.StatusEvents;
import io.pgmosaic.operator.retention.ExpiredPeriod;
import io.pgmosaic.operator.status.ClusterView;
import io.pgmosaic.operator.status.Records;
import io.pgmosaic.operator.status.ShardPhase;
import io.pgmosaic.operator.status.ShardView;
import io.pgmosaic.operator.status.ShardViews;
import io.pgmosaic.operator.status.StatusFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

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
    void isReadyHoweverOldItsRowsAreAndSaysSo() {
        ShardScene scene = new ShardScene(3);
        scene.settle();
        ShardedClusterStatus settled = status(scene, NOON);
        assertThat(settled.conditions())
                .noneMatch(condition -> condition.getType().equals("RetentionDue"));
        ExpiredPeriod period =
                new ExpiredPeriod("", null, "2025-06-01T00:00:00Z", NOON, List.of("s0"), List.of("DELETE"));
        ShardedClusterStatus due = StatusFactory.build(
                settled, 1, new ClusterView(List.of(), view(scene).shards(), List.of(), List.of(period)), NOON);
        assertThat(word(due, "RetentionDue")).isEqualTo("True PeriodsExpired");
        assertThat(condition(due, "RetentionDue").getMessage()).isEqualTo(period.message());
        assertThat(word(due, "Ready")).isEqualTo(word(settled, "Ready"));
        assertThat(StatusEvents.between(settled, due))
                .extracting(StatusEvents.Happened::reason)
                .containsExactly("PeriodsExpired");
        ShardedClusterStatus kept = StatusFactory.build(due, 1, view(scene), NOON);
        assertThat(word(kept, "RetentionDue")).isEqualTo("False NothingExpired");
    }

    @Test
    void isReadyWhileSchemasDifferAndNamesWhatDiffers() {
        ShardScene scene = new ShardScene(3);
        scene.settle();
        ShardedClusterStatus settled = status(scene, NOON);
        assertThat(settled.conditions())
                .noneMatch(condition -> condition.getType().equals("SchemaDrift"));
        ShardedClusterStatus differs = StatusFactory.build(
                settled.with(
                        new SchemaDriftState(NOON.toString(), null, null, 2, List.of("table public.a: missing on s1"))),
                1,
                view(scene),
                NOON);
        assertThat(word(differs, "SchemaDrift")).isEqualTo("True ShardsDiffer");
        assertThat(condition(differs, "SchemaDrift").getMessage())
                .isEqualTo("not the same on every shard: table public.a: missing on s1. And 1 more");
        assertThat(word(differs, "Ready")).isEqualTo(word(settled, "Ready"));
        assertThat(StatusEvents.between(settled, differs))
                .extracting(StatusEvents.Happened::reason)
                .containsExactly("ShardsDiffer");
        ShardedClusterStatus same = StatusFactory.build(
                differs.with(new SchemaDriftState(NOON.toString(), null, null, 0, List.of())), 1, view(scene), NOON);
        assertThat(word(same, "SchemaDrift")).isEqualTo("False SchemaInSync");
        assertThat(StatusEvents.between(differs, same))
                .extracting(StatusEvents.Happened::reason)
                .containsExactly("SchemaInSync");
    }

    @Test
    void isNotReadyUntilKubernetesHasLookedAtAChange() {
        ShardScene scene = new ShardScene(3);
        scene.settle();
        ShardedClusterStatus settled = status(scene, NOON);
        Finding unobserved = new Finding(Reason.ROLLING_CHANGE, "orders", "not looked at yet");
        ShardedClusterStatus status = StatusFactory.build(
                settled, 2, new ClusterView(List.of(unobserved), view(scene).shards()), NOON);
        assertThat(status.phase()).isEqualTo("Updating");
        assertThat(word(status, "Ready")).isEqualTo("False RollingChange");
        assertThat(word(status, "Available")).isEqualTo("True AllShardsTakeWrites");
        assertThat(word(status, "Stalled")).isEqualTo("False NotStalled");
    }

    @ParameterizedTest
    @CsvSource({
        "CONFIGURING,       true,  CREATING",
        "STANDBY_DOWN,      true,  CREATING",
        "GUARD_FAILED,      true,  FAILED",
        "STARTING_PRIMARY,  false, FAILED",
        "STANDBY_DOWN,      false, FAILED"
    })
    void isNoFailureWhileApplicationsAreLetInForTheFirstTime(Reason reason, boolean reachable, ShardPhase phase) {
        ShardRecord open = ShardViews.record("s0");
        assertThat(open.configuration().acceptClients()).isTrue();
        assertThat(ShardViews.of(open, List.of(), reason, reachable, null).phase())
                .isEqualTo(phase);
    }

    @Test
    void keepsEveryRecordWhenAPassCouldNotBeFinished() {
        ShardScene scene = new ShardScene(3);
        scene.settle();
        ShardedClusterStatus before = status(scene, NOON);
        Finding refused = new Finding(Reason.API_REFUSED, "orders", "the Kubernetes API refuses: forbidden");
        ShardedClusterStatus after = StatusFactory.unfinished(before, 9, refused, NOON);
        assertThat(after.shards()).isEqualTo(before.shards());
        assertThat(after.map()).isEqualTo(before.map());
        assertThat(after.observedGeneration()).isEqualTo(before.observedGeneration());
        assertThat(after.message()).isEqualTo("the Kubernetes API refuses: forbidden");
        assertThat(word(after, "Ready")).isEqualTo("False ApiRefused");
        assertThat(word(after, "Stalled")).isEqualTo("True ApiRefused");
        assertThat(word(after, "Available")).isEqualTo("True AllShardsTakeWrites");
        assertThat(StatusEvents.between(before, after))
                .extracting(StatusEvents.Happened::reason, StatusEvents.Happened::message)
                .containsExactly(tuple("ApiRefused", "the Kubernetes API refuses: forbidden"));
        assertThat(StatusEvents.between(after, StatusFactory.unfinished(after, 9, refused, NOON)))
                .isEmpty();
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
                List.of(),
                null,
                null,
                null,
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

    @Test
    void aSwitchoverAlarmsNobody() {
        ShardScene scene = new ShardScene(3);
        scene.settle();
        ShardedClusterStatus calm = status(scene, NOON);
        scene.switchover = List.of(new SwitchoverSpec("s0", "orders-s0-2", null));
        List<ShardedClusterStatus> seen = statuses(scene, calm);
        assertThat(scene.record.primary()).isEqualTo("orders-s0-2");
        assertThat(seen)
                .extracting(ShardedClusterStatus::phase)
                .contains("SwitchingOver")
                .doesNotContain("Failed", "FailingOver")
                .endsWith("Ready");
        assertThat(happened(seen))
                .filteredOn(event -> event.kind() == EventRecorder.Kind.WARNING)
                .isEmpty();
        assertThat(happened(seen))
                .extracting(StatusEvents.Happened::reason)
                .containsOnlyOnce("ShardSwitchingOver", "ShardReady");
    }

    @Test
    void aFormerPrimaryHasAMomentToComeBackAfterItHandedOver() {
        ShardScene scene = new ShardScene(3);
        scene.settle();
        scene.switchover = List.of(new SwitchoverSpec("s0", "orders-s0-2", null));
        scene.settle();
        scene.instance(0).runs = false;
        assertThat(status(scene, NOON).phase()).isEqualTo("Updating");
        assertThat(word(status(scene, NOON), "Ready")).isEqualTo("False StandbyDown");
        scene.now = scene.now.plusSeconds(60);
        assertThat(status(scene, NOON).phase()).isEqualTo("Degraded");
    }

    @Test
    void aFailoverIsWarnedOfAndNoFailureWhileNothingIsInItsWay() {
        ShardScene scene = new ShardScene(3);
        scene.settle();
        ShardedClusterStatus calm = status(scene, NOON);
        scene.instance(0).reachable = false;
        scene.instance(0).podProblem = "crash loop";
        List<ShardedClusterStatus> seen = statuses(scene, calm);
        assertThat(scene.record.term()).isEqualTo(2);
        assertThat(seen)
                .extracting(ShardedClusterStatus::phase)
                .contains("FailingOver")
                .doesNotContain("Failed", "SwitchingOver")
                .endsWith("Degraded");
        assertThat(happened(seen))
                .filteredOn(event -> event.reason().equals("ShardFailingOver"))
                .singleElement()
                .returns(EventRecorder.Kind.WARNING, StatusEvents.Happened::kind);
    }

    @Test
    void anElectionThatIsBlockedIsAFailure() {
        ShardScene scene = new ShardScene(3);
        scene.settle();
        scene.instance(0).reachable = false;
        scene.pass();
        assertThat(scene.record.election()).isNotNull();
        scene.instance(1).reachable = false;
        scene.instance(2).reachable = false;
        assertThat(status(scene, NOON).phase()).isEqualTo("FailingOver");
        scene.now = scene.now.plusSeconds(60);
        assertThat(status(scene, NOON).phase()).isEqualTo("Failed");
        assertThat(word(status(scene, NOON), "Stalled")).isEqualTo("True FailoverBlocked");
    }

    @Test
    void aChosenPrimaryThatDoesNotComeToServeIsAFailure() {
        ShardScene scene = new ShardScene(3);
        scene.settle();
        scene.instance(0).reachable = false;
        while (scene.record.lastFailover() == null) {
            scene.pass();
        }
        assertThat(status(scene, NOON).phase()).isEqualTo("FailingOver");
        scene.now = scene.now.plusSeconds(60);
        assertThat(status(scene, NOON).phase()).as("it takes too long").isEqualTo("Failed");
        scene.now = scene.now.minusSeconds(60);
        scene.instance(1).reachable = false;
        scene.instance(1).podProblem = "crash loop";
        scene.instance(2).reachable = false;
        scene.instance(2).podProblem = "crash loop";
        assertThat(status(scene, NOON).phase()).as("it cannot run").isEqualTo("Failed");
    }

    /** The statuses of passes until nothing changes any more, after one from before what began them. */
    private static List<ShardedClusterStatus> statuses(ShardScene scene, ShardedClusterStatus calm) {
        List<ShardedClusterStatus> seen = new ArrayList<>(List.of(calm));
        ShardRecord before;
        ShardPlan plan;
        do {
            ShardedClusterStatus last = seen.getLast();
            seen.add(StatusFactory.build(
                    new ShardedClusterStatus(
                            1L,
                            last.phase(),
                            last.message(),
                            last.shardsReady(),
                            last.instancesReady(),
                            last.map(),
                            List.of(Records.with(last.shards().getFirst(), scene.record)),
                            last.splits(),
                            last.migration(),
                            last.schemaChanges(),
                            last.schemaDrift(),
                            last.conditions()),
                    1,
                    view(scene),
                    NOON));
            before = scene.record;
            plan = scene.pass();
        } while (!plan.commands().isEmpty() || !scene.record.equals(before));
        return seen;
    }

    private static List<StatusEvents.Happened> happened(List<ShardedClusterStatus> statuses) {
        List<StatusEvents.Happened> events = new ArrayList<>();
        for (int i = 1; i < statuses.size(); i++) {
            events.addAll(StatusEvents.between(statuses.get(i - 1), statuses.get(i)));
        }
        return events;
    }

    private static ShardedClusterStatus status(ShardScene scene, Instant now) {
        return StatusFactory.build(ShardedClusterStatus.empty(), 1, view(scene), now);
    }

    private static ClusterView view(ShardScene scene) {
        DatabaseReport report = scene.databaseReady ? new DatabaseReport(true, List.of(), null, 1, null) : null;
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
