package io.pgmosaic.client;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Keys that the router was asked for too often. */
class LimitsTest extends ClientHarness {
    private static final Map<String, Object> PROBLEM =
            Map.of("type", "urn:pgmosaic:problem:rate-limited", "status", 429, "detail", "looked up too often");

    private final AtomicInteger lookups = new AtomicInteger();

    @BeforeEach
    void useADirectory() {
        shards.tellMapWith("directory", true);
    }

    private static FakeRouter.Answer limited(boolean wholeAnswer, Map<String, Object> more) {
        Map<String, Object> problem = new HashMap<>(PROBLEM);
        problem.putAll(more);
        return wholeAnswer
                ? new FakeRouter.Answer(429, problem, Map.of("Retry-After", "7"))
                : new FakeRouter.Answer(200, Map.of("results", List.of(Map.of("problem", problem))));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void areAskedForAgainWhenTheRouterSaysThatTheyMayBe(boolean wholeAnswer) throws SQLException {
        shards.router()
                .on(
                        "/v1/route",
                        request -> lookups.incrementAndGet() == 1
                                ? limited(wholeAnswer, Map.of("retryAfterMillis", 300))
                                : new FakeRouter.Answer(200, Map.of("results", List.of(Map.of("shard", "s1")))));
        long began = System.nanoTime();
        assertThat(client.shardOf(Orders.key(1))).isEqualTo("s1");
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
        assertThat(lookups).hasValue(2);
    }

    @Test
    void areATransientFailureWhenTheTimeIsOverBefore() {
        shards.router().on("/v1/route", request -> {
            lookups.incrementAndGet();
            return limited(true, Map.of());
        });
        try (MosaicClient hasty = hasty()) {
            assertThatThrownBy(() -> hasty.shardOf(Orders.key(1)))
                    .isInstanceOf(SQLTransientConnectionException.class)
                    .hasMessageContaining("too often")
                    .isInstanceOfSatisfying(KeyLimitedException.class, e -> {
                        assertThat(e.getSQLState()).isEqualTo("08001");
                        assertThat(e.retryAfter()).isEqualTo(Duration.ofSeconds(7));
                    });
        }
        assertThat(lookups).hasValue(1);
    }
}
