package io.pgmosaic.operator.migration.drift;

import io.pgmosaic.api.v1alpha1.cluster.MigrationState;
import io.pgmosaic.api.v1alpha1.cluster.SchemaDriftSpec;
import io.pgmosaic.api.v1alpha1.cluster.SchemaDriftState;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterStatus;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;

class DriftScheduleTest {
    private static final Instant NOW = Instant.parse("2026-01-02T00:00:00Z");

    @ParameterizedTest
    @CsvSource({
        // every, minutes since the last look, differing, is due
        "24h, , 0, true",
        "24h, 1439, 0, false",
        "24h, 1440, 0, true",
        "24h, 4, 1, false",
        "24h, 5, 1, true",
        "1m, 1, 1, true",
        "2m, 1, 1, false",
        "0s, , 0, false",
        "0s, 100000, 3, false"
    })
    void comesAfterAPauseAndSoonerWhileShardsDiffer(
            String every, @Nullable Integer minutesSince, int differing, boolean isDue) {
        SchemaDriftState state =
                minutesSince == null ? null : looked(NOW.minus(Duration.ofMinutes(minutesSince)), null, differing);
        assertThat(DriftSchedule.isDue(state, new SchemaDriftSpec(every), null, NOW))
                .isEqualTo(isDue);
    }

    @ParameterizedTest
    @CsvSource({"0s, , a, true", "24h, a, b, true", "24h, a, a, false", "24h, a, , false"})
    void comesWhenItIsAskedForInOtherWordsThanBefore(
            String every, @Nullable String done, @Nullable String requested, boolean isDue) {
        SchemaDriftState state = looked(NOW, done, 0);
        assertThat(DriftSchedule.isDue(state, new SchemaDriftSpec(every), requested, NOW))
                .isEqualTo(isDue);
    }

    @Test
    void aLookThatIsWaitingIsDueUntilItWasMade() {
        SchemaDriftState waiting = SchemaDriftState.never().waitingFor("SchemaMigration a is under way");
        assertThat(DriftSchedule.isDue(waiting, SchemaDriftSpec.defaults(), null, NOW))
                .isTrue();
    }

    @Test
    void shardsAreNotComparedWhileAMigrationChangesThem() {
        ShardedClusterStatus quiet = ShardedClusterStatus.empty();
        assertThat(DriftSchedule.obstacle(quiet)).isEmpty();
        assertThat(DriftSchedule.obstacle(quiet.with(new MigrationState("add-currency", "1"))))
                .contains("SchemaMigration add-currency is under way");
    }

    @Test
    void aStatusNamesTheFirstAndCountsAll() {
        List<SchemaDifference> many = IntStream.range(0, 30)
                .mapToObj(n -> new SchemaDifference(
                        "table " + n + "x".repeat(600), new TreeMap<>(Map.of("missing", List.of("s0")))))
                .toList();
        SchemaDriftState state = DriftCheck.after("now", many, NOW);
        assertThat(state.differing()).isEqualTo(30);
        assertThat(state.differences())
                .hasSize(20)
                .allSatisfy(text -> assertThat(text).hasSize(503).endsWith("..."));
        assertThat(state.requested()).isEqualTo("now");
        assertThat(state.checkedAt()).isEqualTo("2026-01-02T00:00:00Z");
    }

    private static SchemaDriftState looked(Instant at, @Nullable String requested, int differing) {
        return new SchemaDriftState(at.toString(), requested, null, differing, List.of());
    }
}
