package io.pgmosaic.router.ids;

import io.pgmosaic.protocol.topology.MachineIdGrant;
import org.junit.jupiter.api.Test;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/** On a monotonic clock that the test moves; the time of day stands still. */
final class MachineLeaseTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private long nanos = -5;
    private final MachineLease lease = new MachineLease(Clock.fixed(NOW, ZoneOffset.UTC), () -> nanos);

    private static MachineIdGrant grant(int machineId, Instant notBefore) {
        return new MachineIdGrant(machineId, 600_000, notBefore, NOW.plus(Duration.ofMinutes(11)));
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }

    private long id() {
        assertThat(lease.draw(1)).isInstanceOf(Draw.Drawn.class);
        return lease.draw(1) instanceof Draw.Drawn drawn ? drawn.id(0) : 0;
    }

    @Test
    void thereIsNoneBeforeTheFirstGrantAndItSaysWhy() {
        assertThat(lease.draw(1)).isInstanceOf(Draw.NoLease.class);
        lease.refused("all are taken");
        assertThat(lease.draw(1)).isEqualTo(new Draw.NoLease("all are taken"));
        assertThat(lease.leftMillis()).isZero();
        assertThat(lease.machineId()).isNull();
    }

    @Test
    void itsTimeRunsFromBeforeItWasAskedFor() {
        long askedAt = nanos;
        pass(Duration.ofMinutes(9));
        lease.granted(grant(7, Instant.EPOCH), askedAt);
        assertThat(lease.leftMillis()).isEqualTo(60_000);
        pass(Duration.ofMillis(59_999));
        assertThat(id() >> 12 & 1_023).isEqualTo(7);
        pass(Duration.ofMillis(1));
        assertThat(lease.draw(1)).isInstanceOf(Draw.NoLease.class);
        assertThat(lease.machineId()).as("it asks for the same one").isEqualTo(7);
    }

    @Test
    void anAnswerThatComesAfterTheLeaseGivesNothing() {
        long askedAt = nanos;
        pass(Duration.ofMinutes(10));
        lease.granted(grant(7, Instant.EPOCH), askedAt);
        assertThat(lease.draw(1)).isInstanceOf(Draw.NoLease.class);
    }

    @Test
    void idsGrowOverEveryChangeOfTheNumber() {
        lease.granted(grant(1_023, Instant.EPOCH), nanos);
        long last = id();
        for (int number : new int[] {1_023, 0, 1_023, 5, 5, 0}) {
            lease.granted(grant(number, Instant.EPOCH), nanos);
            long next = id();
            assertThat(next).isGreaterThan(last);
            assertThat(next >> 12 & 1_023).isEqualTo(number);
            last = next;
        }
    }

    @Test
    void timesBeforeTheGrantAreNotUsed() {
        lease.granted(grant(7, NOW.plusSeconds(4)), nanos);
        assertThat((id() >> 22) + Snowflakes.EPOCH.toEpochMilli())
                .isEqualTo(NOW.plusSeconds(4).toEpochMilli());
        lease.granted(grant(7, NOW.plusSeconds(60)), nanos);
        assertThat(lease.draw(1)).isEqualTo(new Draw.ClockBehind(TimeUnit.SECONDS.toMillis(60)));
    }
}
