package io.pgmosaic.operator.leadership;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pgmosaic.operator.SetClock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Two replicas over one Lease, on a clock that the test moves. */
final class LeadershipTest {
    private static final ElectionTimings TIMINGS =
            new ElectionTimings(Duration.ofSeconds(4), Duration.ofSeconds(3), Duration.ofMillis(500));

    private final Api api = new Api();
    private final SetClock clock = new SetClock(Instant.parse("2026-01-01T00:00:00Z"));
    private final Leadership first = replica("first");
    private final Leadership second = replica("second");
    private final List<String> told = new ArrayList<>();

    /** A Lease with optimistic locking. */
    private final class Api implements Leases {
        private @Nullable Lease stored;
        private long version;
        private boolean away;
        private Duration delay = Duration.ZERO;

        @Override
        public @Nullable Lease read() {
            answer();
            return stored == null ? null : new LeaseBuilder(stored).build();
        }

        @Override
        public void create(Lease lease) {
            answer();
            conflictUnless(stored == null);
            store(lease);
        }

        @Override
        public void replace(Lease lease) {
            answer();
            conflictUnless(stored != null
                    && stored.getMetadata()
                            .getResourceVersion()
                            .equals(lease.getMetadata().getResourceVersion()));
            store(lease);
        }

        private void answer() {
            clock.pass(delay);
            if (away) {
                throw new KubernetesClientException("nobody listens");
            }
        }

        private void conflictUnless(boolean unchanged) {
            if (!unchanged) {
                throw new KubernetesClientException("changed", HttpURLConnection.HTTP_CONFLICT, null);
            }
        }

        private void store(Lease lease) {
            stored = new LeaseBuilder(lease)
                    .editMetadata()
                    .withResourceVersion(Long.toString(++version))
                    .endMetadata()
                    .build();
        }
    }

    private Leadership replica(String name) {
        return new Leadership(
                new LeaseHolder(api, "system", "operator", name, TIMINGS.lease(), clock), null, TIMINGS, clock);
    }

    private void pass(Duration time) {
        clock.pass(time);
    }

    private void pass(Duration time, Leadership... attempting) {
        for (Instant end = clock.instant().plus(time); clock.instant().isBefore(end); pass(TIMINGS.retry())) {
            for (Leadership replica : attempting) {
                replica.attempt();
            }
        }
    }

    @Test
    void oneLeadsAndTheOtherDoesNotForAsLongAsItRenews() {
        pass(Duration.ofMinutes(1), first, second);
        assertThat(first.leads()).isTrue();
        assertThat(second.leads()).isFalse();
        assertThat(first.reign()).isEqualTo(1);
        assertThat(first.whileLeading(() -> "done")).hasValue("done");
        assertThat(second.whileLeading(() -> "done")).isEmpty();
    }

    @Test
    void theOtherTakesOverWhenTheLeaseWasNotRenewedButNoSooner() {
        pass(Duration.ofSeconds(2), first, second);
        pass(Duration.ofMillis(3_500), second);
        assertThat(second.leads()).isFalse();
        pass(Duration.ofSeconds(1), second);
        assertThat(second.leads()).isTrue();
        assertThat(first.leads()).isFalse();
        first.attempt();
        assertThat(first.leads()).isFalse();
        assertThat(second.leads()).isTrue();
    }

    @Test
    void clocksThatDifferDeposeNobody() {
        pass(Duration.ofSeconds(2), first);
        Lease stored = Objects.requireNonNull(api.stored);
        stored.getSpec().setRenewTime(stored.getSpec().getRenewTime().minusHours(1));
        second.attempt();
        assertThat(second.leads()).isFalse();
    }

    @Test
    void whoCannotRenewStopsBeforeAnotherMayBeginAndCompetesAgain() {
        first.addListener(new Leadership.Listener() {
            @Override
            public void begun() {
                told.add("begun");
            }

            @Override
            public void ended() {
                told.add("ended");
            }
        });
        pass(Duration.ofSeconds(2), first);
        api.away = true;
        pass(Duration.ofSeconds(4), first);
        assertThat(first.leads()).isFalse();
        assertThat(told).containsExactly("begun", "ended");
        api.away = false;
        first.attempt();
        assertThat(first.leads()).isTrue();
        assertThat(first.reign()).isEqualTo(2);
        assertThat(told).containsExactly("begun", "ended", "begun");
    }

    @Test
    void whoWasPausedKnowsItAtOnce() {
        first.attempt();
        Instant before = clock.instant().minusSeconds(1);
        assertThat(first.ledSince(before)).isTrue();
        pass(Duration.ofSeconds(3));
        assertThat(first.leads()).isFalse();
        assertThat(first.ledSince(before)).isFalse();
        assertThat(first.whileLeading(() -> "done")).isEmpty();
    }

    @Test
    void leadingIsProvenFromWhenTheReadingBegan() {
        api.delay = Duration.ofMillis(400);
        Instant begun = clock.instant();
        first.attempt();
        assertThat(clock.instant()).isAfter(begun);
        assertThat(first.ledSince(begun.minusMillis(1))).isTrue();
        assertThat(first.ledSince(begun)).isFalse();
    }

    @Test
    void anAnswerThatComesTooLateProvesNothing() {
        api.delay = Duration.ofSeconds(2);
        first.attempt();
        assertThat(first.leads()).isFalse();
    }

    @Test
    void aPassIsCutShortWithTheLeadAndTheNextTimeBeginsOnlyAfterIt() {
        first.attempt();
        assertThat(first.whileLeading(() -> {
                    api.away = true;
                    pass(Duration.ofSeconds(3));
                    first.attempt();
                    assertThat(Thread.currentThread().isInterrupted()).isTrue();
                    api.away = false;
                    first.attempt();
                    assertThat(first.leads()).isFalse();
                    throw new IllegalStateException("interrupted");
                }))
                .isEmpty();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        first.attempt();
        assertThat(first.leads()).isTrue();
        assertThat(first.reign()).isEqualTo(2);
    }

    @Test
    void aPassThatFailsByItselfFails() {
        first.attempt();
        assertThatThrownBy(() -> first.whileLeading(() -> {
                    throw new IllegalStateException("broken");
                }))
                .hasMessage("broken");
    }

    @Test
    void whoEndsLetsTheNextOneLeadAtOnce() {
        first.attempt();
        second.attempt();
        first.close();
        assertThat(first.leads()).isFalse();
        second.attempt();
        assertThat(second.leads()).isTrue();
    }

    @Test
    void refusesTimingsThatContradictEachOther() {
        Duration second = Duration.ofSeconds(1);
        assertThatThrownBy(() -> new ElectionTimings(second, second, Duration.ofMillis(100)))
                .hasMessageContaining("beyond its lease");
        assertThatThrownBy(() -> new ElectionTimings(second.multipliedBy(2), second, Duration.ofMillis(400)))
                .hasMessageContaining("retry period");
    }
}
