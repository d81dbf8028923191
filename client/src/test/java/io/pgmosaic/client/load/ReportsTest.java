package io.pgmosaic.client.load;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** Reports are of a size that routers take, and have every statement once. */
class ReportsTest {
    private static final Kind READS = new Kind("s0", "shop-s0-0", false, false, 5, Result.OK);

    private static List<Map<?, ?>> entries(Map<String, Object> body) {
        List<Map<?, ?>> entries = new ArrayList<>();
        if (body.get("outcomes") instanceof List<?> list) {
            list.forEach(entry -> entries.add((Map<?, ?>) entry));
        }
        return entries;
    }

    private static long statements(Map<String, Object> body) {
        return entries(body).stream()
                .mapToLong(entry -> entry.get("count") instanceof Number count ? count.longValue() : 0)
                .sum();
    }

    @Test
    void areOfTenThousandStatementsAtMost() {
        Reports reports = new Reports("c");
        reports.add(READS, 25_000, 1_000);
        reports.add(READS, 1, 2_000);
        List<Map<String, Object>> bodies = reports.bodies(List.of());
        assertThat(bodies.stream().map(ReportsTest::statements)).containsExactly(10_000L, 10_000L, 5_001L);
    }

    @Test
    void areOfFewEnoughEntries() {
        Reports reports = new Reports("c");
        for (int i = 0; i < 1_200; i++) {
            reports.add(READS, 1, i);
        }
        assertThat(reports.bodies(List.of()).stream().map(body -> entries(body).size()))
                .containsExactly(500, 500, 200);
    }

    @Test
    void saySeparatelyWhatTheRouterHasCountedItself() {
        Reports reports = new Reports("c");
        reports.add(READS, 2, 1_000);
        reports.add(new Kind("s0", null, true, true, 5, Result.ERROR), 3, 1_000);
        List<Map<String, Object>> bodies = reports.bodies(List.of(4));
        assertThat(bodies.stream().map(body -> body.get("routedBy") + ": " + statements(body)))
                .containsExactlyInAnyOrder("client: 2", "router: 3");
        assertThat(bodies.getFirst()).containsEntry("scatters", List.of(Map.of("shards", 4)));
    }

    @Test
    void areThereAlsoWhenThereIsNothingToTell() {
        assertThat(new Reports("c").bodies(List.of())).hasSize(1);
    }

    @Test
    void durationsAreCountedByAboutHowLongTheyAre() {
        Durations durations = new Durations();
        List<Long> nanos = List.of(0L, 3L, 1_000L, 1_010L, 50_000_000L, Long.MAX_VALUE / 4);
        nanos.forEach(durations::add);
        List<Long> told = new ArrayList<>();
        assertThat(durations.drain((count, mean) -> {
                    for (int i = 0; i < count; i++) {
                        told.add(mean);
                    }
                }))
                .isTrue();
        assertThat(told).hasSameSizeAs(nanos);
        for (int i = 0; i < nanos.size(); i++) {
            assertThat((double) told.get(i)).isCloseTo(nanos.get(i), within(3 + nanos.get(i) * 0.25));
        }
        assertThat(durations.drain((count, mean) -> told.add(mean))).isFalse();
    }
}
