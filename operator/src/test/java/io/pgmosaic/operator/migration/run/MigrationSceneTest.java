package io.pgmosaic.operator.migration.run;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Instant;

import static org.assertj.core.api.Assertions.assertThat;

class MigrationSceneTest {
    private static final String WINDOW = "expand: [\"SELECT 1\"], rollout: {window:"
            + " {notBefore: \"2026-03-01T02:00:00Z\", notAfter: \"2026-03-01T04:00:00Z\"}}";

    @ParameterizedTest
    @CsvSource({
        "2026-03-01T01:59:59Z, its window begins at 2026-03-01T02:00:00Z",
        "2026-03-01T02:00:00Z, ''",
        "2026-03-01T03:59:59Z, ''",
        "2026-03-01T04:00:00Z, its window ended at 2026-03-01T04:00:00Z: write another spec.rollout.window"
    })
    void nothingBeginsOutsideOfItsWindow(Instant now, String why) {
        assertThat(Declared.scene(Declared.migration(WINDOW)).outsideOfWindow(now))
                .isEqualTo(why);
    }

    @Test
    void withoutAWindowItBeginsAtAnyTime() {
        assertThat(Declared.scene(Declared.migration("expand: [\"SELECT 1\"]")).outsideOfWindow(Instant.EPOCH))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"orders, tenant, true", "orders, total, false", "users, tenant, false"})
    void aBackfillLeavesRowsOnTheirShards(String table, String column, boolean isRefused) {
        MigrationScene scene = Declared.scene(Declared.migration(
                "backfill: {table: " + table + ", set: \"" + column + " = upper(" + column + ")\"}"));
        assertThat(scene.work().problems()).hasSize(isRefused ? 1 : 0).allSatisfy(problem -> {
            assertThat(problem.name()).isEqualTo("refused-backfill");
            assertThat(problem.message())
                    .contains("set changes column tenant", "a row of public.orders is on its shard");
        });
        assertThat(scene.work().backfill().isEmpty()).isEqualTo(isRefused);
    }
}
