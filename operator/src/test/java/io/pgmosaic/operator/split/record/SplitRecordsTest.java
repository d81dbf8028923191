package io.pgmosaic.operator.split.record;

import io.pgmosaic.api.v1alpha1.cluster.CloneState;
import io.pgmosaic.api.v1alpha1.cluster.ShardMapState;
import io.pgmosaic.api.v1alpha1.cluster.ShardState;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterStatus;
import io.pgmosaic.api.v1alpha1.cluster.ShardingSpec;
import io.pgmosaic.api.v1alpha1.cluster.SplitCutState;
import io.pgmosaic.api.v1alpha1.cluster.SplitState;
import io.pgmosaic.maps.DeclaredMap;
import io.pgmosaic.maps.RecordedMap;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SplitRecordsTest {
    private static final ShardedClusterStatus BEFORE = ShardedClusterStatus.empty()
            .with(
                    RecordedMap.of(DeclaredMap.of(List.of("s0", "s1"), ShardingSpec.defaults())),
                    List.of(ShardState.unknown("s0"), ShardState.unknown("s1")),
                    List.of());

    private static SplitState split(String uid, String source, String... parts) {
        return new SplitState(
                "grow",
                uid,
                source,
                List.of(parts),
                List.of(new SplitCutState(null, 0, List.of(Long.toString(Long.MIN_VALUE / 2)))),
                List.of(),
                false,
                false);
    }

    private static List<String> names(ShardedClusterStatus status) {
        return status.shards().stream().map(ShardState::name).toList();
    }

    private static long version(ShardedClusterStatus status) {
        return map(status).version();
    }

    private static ShardMapState map(ShardedClusterStatus status) {
        return Objects.requireNonNull(status.map());
    }

    private static List<String> owners(ShardedClusterStatus status) {
        return RecordedMap.recipe(map(status)).allShards();
    }

    @Test
    void theKeysGoAndComeBackEachInANewVersion() throws OvertakenException {
        ShardedClusterStatus begun = SplitRecords.begun(BEFORE, split("u", "s0", "s0", "s2"), false);
        assertThat(names(begun)).containsExactly("s0", "s1", "s2");
        assertThat(map(begun)).isEqualTo(map(BEFORE));
        ShardedClusterStatus there = SplitRecords.handedOver(begun, "u", 1, Map.of());
        assertThat(owners(there)).containsExactlyInAnyOrder("s0", "s1", "s2");
        assertThat(version(there)).isEqualTo(2);
        assertThat(there.splits().getFirst().switched()).isTrue();
        ShardedClusterStatus back = SplitRecords.handedOver(there, "u", 2, Map.of());
        assertThat(version(back)).isEqualTo(3);
        assertThat(map(back).placements()).isEqualTo(map(BEFORE).placements());
        assertThat(back.splits().getFirst().switched()).isFalse();
    }

    @Test
    void whatWasDecidedInAnEarlierVersionIsRefused() throws OvertakenException {
        ShardedClusterStatus begun = SplitRecords.begun(BEFORE, split("u", "s0", "s0", "s2"), false);
        ShardedClusterStatus thawed = SplitRecords.thawed(begun, "u", 1);
        assertThat(version(thawed)).isEqualTo(2);
        assertThatThrownBy(() -> SplitRecords.handedOver(thawed, "u", 1, Map.of()))
                .isInstanceOf(OvertakenException.class);
        assertThatThrownBy(() -> SplitRecords.thawed(thawed, "u", 1)).isInstanceOf(OvertakenException.class);
        assertThatThrownBy(() -> SplitRecords.finished(thawed, "u", 1)).isInstanceOf(OvertakenException.class);
        assertThatThrownBy(() -> SplitRecords.handedOver(thawed, "another", 2, Map.of()))
                .isInstanceOf(OvertakenException.class);
    }

    @Test
    void keysAreNotHandedToAPrimaryOfALaterTerm() throws OvertakenException {
        ShardedClusterStatus begun = SplitRecords.begun(BEFORE, split("u", "s0", "s0", "s2"), false);
        assertThat(version(SplitRecords.handedOver(begun, "u", 1, Map.of("s0", 0L, "s2", 0L))))
                .isEqualTo(2);
        assertThatThrownBy(() -> SplitRecords.handedOver(begun, "u", 1, Map.of("s0", 0L, "s2", 1L)))
                .isInstanceOf(OvertakenException.class)
                .hasMessageContaining("shard s2 is in term 0");
    }

    @Test
    void nothingFollowsTheEnd() throws OvertakenException {
        ShardedClusterStatus begun = SplitRecords.begun(BEFORE, split("u", "s0", "s0", "s2"), false);
        ShardedClusterStatus finished = SplitRecords.finished(begun, "u", 1);
        assertThat(version(finished)).isEqualTo(2);
        assertThatThrownBy(() -> SplitRecords.handedOver(finished, "u", 2, Map.of()))
                .isInstanceOf(OvertakenException.class);
        assertThatThrownBy(() -> SplitRecords.finished(finished, "u", 2)).isInstanceOf(OvertakenException.class);
        assertThatThrownBy(() -> SplitRecords.forgotten(begun, "u")).isInstanceOf(OvertakenException.class);
        assertThat(SplitRecords.forgotten(finished, "u").splits()).isEmpty();
    }

    @Test
    void twoSplitsDoNotShareAShard() throws OvertakenException {
        ShardedClusterStatus begun = SplitRecords.begun(BEFORE, split("u", "s0", "s0", "s2"), false);
        assertThatThrownBy(() -> SplitRecords.begun(begun, split("u", "s0", "s0", "s2"), false))
                .hasMessageContaining("has begun already");
        assertThatThrownBy(() -> SplitRecords.begun(begun, split("v", "s0", "s0", "s3"), false))
                .hasMessageContaining("part of split grow");
        assertThatThrownBy(() -> SplitRecords.begun(begun, split("v", "s2", "s2", "s3"), false))
                .hasMessageContaining("part of split grow");
        assertThatThrownBy(() -> SplitRecords.begun(begun, split("v", "s1", "s1", "s2"), false))
                .hasMessageContaining("shard s2 exists");
    }

    @Test
    void aCloneIsCutWhileItsSplitIsUnderWay() throws OvertakenException {
        ShardedClusterStatus begun = SplitRecords.begun(BEFORE, split("u", "s0", "s0", "s2"), true);
        assertThat(begun.shards().getLast().clonedFrom()).isEqualTo(new CloneState("s0", false));
        ShardedClusterStatus cut = SplitRecords.cut(begun, "u", "s2");
        assertThat(cut.shards().getLast().clonedFrom()).isEqualTo(new CloneState("s0", true));
        assertThat(SplitRecords.cut(cut, "u", "s2")).isEqualTo(cut);
        assertThatThrownBy(() -> SplitRecords.cut(begun, "u", "s1")).isInstanceOf(OvertakenException.class);
        assertThatThrownBy(() -> SplitRecords.cut(SplitRecords.finished(begun, "u", 1), "u", "s2"))
                .isInstanceOf(OvertakenException.class);
        ShardedClusterStatus empty = SplitRecords.begun(BEFORE, split("u", "s0", "s0", "s2"), false);
        assertThatThrownBy(() -> SplitRecords.cut(empty, "u", "s2"))
                .isInstanceOf(OvertakenException.class)
                .hasMessageContaining("s2 is no clone");
    }
}
