package io.pgmosaic.operator.status;

import io.fabric8.kubernetes.api.model.Condition;
import io.pgmosaic.api.v1alpha1.cluster.ShardState;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterStatus;
import io.pgmosaic.operator.plan.Finding;
import io.pgmosaic.operator.plan.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** A cluster is as well as the shards that own keys are; what a split makes or has emptied is told beside. */
class ShardsWithoutKeysTest {
    private static final ShardView SERVING =
            ShardViews.of(ShardViews.record("s0"), ShardViews.instances("s0", 2), Reason.HEALTHY, true, null);

    private static ShardView aside(Reason reason) {
        ShardView view = ShardViews.of(ShardViews.record("t0"), List.of(), reason, false, null);
        return new ShardView(view.facts(), view.plan(), null, false);
    }

    private static ShardedClusterStatus status(ClusterView view) {
        ShardedClusterStatus before = ShardedClusterStatus.empty()
                .with(null, List.of(ShardState.unknown("s0"), ShardState.born("t0", "halve")), List.of());
        return StatusFactory.build(before, 1, view, ShardViews.NOON);
    }

    private static String condition(ShardedClusterStatus status, String type) {
        return status.conditions().stream()
                .filter(condition -> condition.getType().equals(type))
                .map(Condition::getStatus)
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @EnumSource(
            value = Reason.class,
            names = {"WAITING_FOR_PODS", "STANDBY_DOWN", "POD_FAILED", "GUARD_FAILED", "PRIMARY_UNREACHABLE"})
    void howeverUnwellTheyAreTheClusterIsReady(Reason reason) {
        ShardedClusterStatus status = status(new ClusterView(List.of(), List.of(SERVING, aside(reason))));
        assertThat(status.phase()).isEqualTo("Ready");
        assertThat(status.shardsReady()).isEqualTo("1/1");
        assertThat(status.instancesReady()).isEqualTo("3/3");
        assertThat(status.message()).isEqualTo("all 1 shards are as declared");
        assertThat(condition(status, "Ready")).isEqualTo("True");
        assertThat(condition(status, "Available")).isEqualTo("True");
        assertThat(condition(status, "Stalled")).isEqualTo("False");
        assertThat(status.conditions())
                .filteredOn(condition -> condition.getType().equals("Reconciling"))
                .singleElement()
                .returns("True", Condition::getStatus)
                .satisfies(condition ->
                        assertThat(condition.getMessage()).contains("shard t0, which owns no keys: in a test"));
        assertThat(status.shards())
                .filteredOn(shard -> shard.name().equals("t0"))
                .singleElement()
                .returns("halve", ShardState::bornOf)
                .satisfies(shard -> assertThat(shard.phase()).isIn("Creating", "Failed"));
    }

    @Test
    void aShardThatIsBeingRemovedKeepsItsRecord() {
        Finding removal = new Finding(Reason.REMOVING_SHARD, "t0", "shard t0 is being removed");
        ShardedClusterStatus status = status(new ClusterView(List.of(), List.of(SERVING), List.of(removal)));
        assertThat(status.phase()).isEqualTo("Ready");
        assertThat(condition(status, "Ready")).isEqualTo("True");
        assertThat(condition(status, "Reconciling")).isEqualTo("True");
        assertThat(status.shards()).extracting(ShardState::name).containsExactly("s0", "t0");
    }

    @Test
    void aShardThatServesIsNotExcused() {
        ShardView down = ShardViews.of(ShardViews.record("s0"), List.of(), Reason.PRIMARY_UNREACHABLE, false, null);
        ShardedClusterStatus status = status(new ClusterView(List.of(), List.of(down, aside(Reason.HEALTHY))));
        assertThat(status.phase()).isEqualTo("Failed");
        assertThat(status.shardsReady()).isEqualTo("0/1");
        assertThat(condition(status, "Available")).isEqualTo("False");
    }
}
