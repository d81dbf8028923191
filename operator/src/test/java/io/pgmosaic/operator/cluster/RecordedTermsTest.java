package io.pgmosaic.operator.cluster;

import io.pgmosaic.api.v1alpha1.cluster.ElectionState;
import io.pgmosaic.api.v1alpha1.cluster.ShardState;
import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.SetClock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

import static org.assertj.core.api.Assertions.assertThat;

final class RecordedTermsTest {
    private static final ClusterKey ORDERS = new ClusterKey("shop", "orders");
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final SetClock clock = new SetClock(START);
    private long reign = 1;
    private Instant provenAt = START.plusSeconds(1);
    private final RecordedTerms terms = new RecordedTerms(moment -> provenAt.isAfter(moment), () -> reign, clock);

    private static ShardState shard(@Nullable ElectionState election) {
        return new ShardState(
                "s0",
                null,
                null,
                false,
                4L,
                "orders-s0-1",
                null,
                null,
                null,
                null,
                null,
                election,
                null,
                null,
                null,
                null,
                List.of());
    }

    private OptionalLong confirmed(String instance) {
        return terms.confirmed(ORDERS, instance, START);
    }

    @Test
    void confirmsTheRecordedPrimary() {
        assertThat(confirmed("orders-s0-1")).isEmpty();
        terms.act(ORDERS, List.of(ShardState.unknown("s1"), shard(null)));
        assertThat(confirmed("orders-s0-1")).hasValue(4);
        assertThat(confirmed("orders-s0-0")).isEmpty();
        assertThat(terms.confirmed(new ClusterKey("shop", "billing"), "orders-s0-1", START))
                .isEmpty();
    }

    @Test
    void confirmsNothingThatLeadershipIsNotProvenFor() {
        terms.act(ORDERS, List.of(shard(null)));
        provenAt = START;
        assertThat(confirmed("orders-s0-1")).isEmpty();
    }

    @Test
    void confirmsNoPrimaryThatIsBeingReplaced() {
        terms.act(ORDERS, List.of(shard(new ElectionState("Failover", "PodGone", "it is gone", null, "then", "now"))));
        assertThat(confirmed("orders-s0-1")).isEmpty();
        terms.act(ORDERS, List.of(shard(null)));
        terms.hold(ORDERS);
        assertThat(confirmed("orders-s0-1")).isEmpty();
    }

    @Test
    void confirmsNothingForAReconcilerThatIsStuck() {
        terms.act(ORDERS, List.of(shard(null)));
        clock.pass(Duration.ofSeconds(16));
        assertThat(confirmed("orders-s0-1")).isEmpty();
    }

    @Test
    void confirmsNothingThatItActedOnBeforeAnotherLed() {
        terms.act(ORDERS, List.of(shard(null)));
        reign = 2;
        assertThat(confirmed("orders-s0-1")).isEmpty();
        terms.act(ORDERS, List.of(shard(null)));
        assertThat(confirmed("orders-s0-1")).hasValue(4);
    }
}
