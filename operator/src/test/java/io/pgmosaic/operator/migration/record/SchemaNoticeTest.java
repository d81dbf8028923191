package io.pgmosaic.operator.migration.record;

import io.pgmosaic.api.v1alpha1.cluster.SchemaChangeState;
import io.pgmosaic.api.v1alpha1.cluster.SchemaStage;
import io.pgmosaic.api.v1alpha1.cluster.ShardStageState;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterStatus;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;

class SchemaNoticeTest {
    private static final MigrationId NOTES = new MigrationId("u1", "notes");
    private static final Instant NOW = Instant.parse("2026-03-01T02:00:00Z");
    private static final ShardedClusterStatus BEGUN =
            SchemaNotice.begun(ShardedClusterStatus.empty(), NOTES, Set.of("public.orders", "public.notes"));

    private static SchemaChangeState told(ShardedClusterStatus status) {
        return SchemaNotice.find(status, NOTES).orElseThrow();
    }

    private static long version(ShardedClusterStatus status) {
        return Objects.requireNonNull(status.schemaChanges()).version();
    }

    private static ShardedClusterStatus reached(SchemaStage s0, SchemaStage s1) {
        return SchemaNotice.reached(BEGUN, NOTES, Map.of("s0", s0, "s1", s1));
    }

    @Test
    void whatBeginsTellsNothingButItsTables() {
        assertThat(told(BEGUN).tables()).containsExactly("public.notes", "public.orders");
        assertThat(told(BEGUN).tellsAny()).isFalse();
        assertThat(told(SchemaNotice.begun(BEGUN, NOTES, null)).tables())
                .as("what was known stays known")
                .hasSize(2);
    }

    @Test
    void tellsShardsThatAreFartherThanAllAndCountsEveryChange() {
        ShardedClusterStatus one = reached(SchemaStage.EXPANDED, SchemaStage.NONE);
        assertThat(told(one).everywhere()).isEqualTo(SchemaStage.NONE);
        assertThat(told(one).ahead()).containsExactly(new ShardStageState("s0", SchemaStage.EXPANDED));
        assertThat(version(one)).isEqualTo(version(BEGUN) + 1);
        ShardedClusterStatus both =
                SchemaNotice.reached(one, NOTES, Map.of("s0", SchemaStage.EXPANDED, "s1", SchemaStage.EXPANDED));
        assertThat(told(both).everywhere()).isEqualTo(SchemaStage.EXPANDED);
        assertThat(told(both).ahead()).isEmpty();
        assertThat(SchemaNotice.reached(both, NOTES, Map.of("s0", SchemaStage.EXPANDED, "s1", SchemaStage.EXPANDED)))
                .as("nothing new")
                .isSameAs(both);
    }

    @Test
    void whatWasToldIsTakenBackWhileItIsStillThereAndNotToldAgain() {
        ShardedClusterStatus back = SchemaNotice.takenBack(reached(SchemaStage.EXPANDED, SchemaStage.NONE), NOTES, NOW);
        assertThat(told(back).tellsAny()).isFalse();
        assertThat(told(back).undoneFrom())
                .isEqualTo(NOW.plus(SchemaNotice.BEFORE_UNDO).toString());
        assertThat(SchemaNotice.reached(back, NOTES, Map.of("s0", SchemaStage.EXPANDED, "s1", SchemaStage.EXPANDED)))
                .as("a late operator")
                .isSameAs(back);
        assertThat(SchemaNotice.takenBack(back, NOTES, NOW.plusSeconds(5))).isSameAs(back);
    }

    @Test
    void whatWasNeverToldCanBeUndoneAtOnce() {
        assertThat(told(SchemaNotice.takenBack(BEGUN, NOTES, NOW)).undoneFrom()).isEqualTo(NOW.toString());
    }

    @Test
    void anotherMigrationOfTheNameBeginsWithNothing() {
        MigrationId again = new MigrationId("u2", "notes");
        ShardedClusterStatus status =
                SchemaNotice.begun(reached(SchemaStage.COMPLETE, SchemaStage.COMPLETE), again, Set.of());
        assertThat(Objects.requireNonNull(status.schemaChanges()).changes())
                .singleElement()
                .satisfies(change -> {
                    assertThat(change.uid()).isEqualTo("u2");
                    assertThat(change.tellsAny()).isFalse();
                });
    }

    @Test
    void forgetsOldOnesThatHaveEndedAndNoOther() {
        ShardedClusterStatus status = reached(SchemaStage.FILLED, SchemaStage.FILLED);
        for (int i = 0; i < SchemaNotice.MOST + 3; i++) {
            MigrationId next = new MigrationId("n" + i, "n" + i);
            status = SchemaNotice.reached(
                    SchemaNotice.begun(status, next, null), next, Map.of("s0", SchemaStage.COMPLETE));
        }
        List<String> names = Objects.requireNonNull(status.schemaChanges()).changes().stream()
                .map(SchemaChangeState::name)
                .toList();
        assertThat(names).hasSize(SchemaNotice.MOST).startsWith("notes", "n4").endsWith("n66");
    }
}
