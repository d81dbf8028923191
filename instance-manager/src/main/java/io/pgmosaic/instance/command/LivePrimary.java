package io.pgmosaic.instance.command;

import io.pgmosaic.instance.lease.Lease;
import io.pgmosaic.instance.postgres.Postmaster;
import io.pgmosaic.instance.postgres.Sample;
import io.pgmosaic.protocol.instance.PostgresState.ServerState;

import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;

/** The term in which PostgreSQL runs here as the primary and answers; 0 when it does not. */
final class LivePrimary implements LongSupplier {
    /** A sample that is younger is not asked for again. */
    private static final Duration FRESH = Duration.ofSeconds(1);

    private final Postmaster postmaster;
    private final ServerSampler sampler;
    private final Lease lease;
    private final LongSupplier clock;

    LivePrimary(Postmaster postmaster, ServerSampler sampler, Lease lease, LongSupplier clock) {
        this.postmaster = postmaster;
        this.sampler = sampler;
        this.lease = lease;
        this.clock = clock;
    }

    @Override
    public long getAsLong() {
        if (postmaster.state() != ServerState.RUNNING || lease.remaining(clock.getAsLong()) == 0) {
            return 0;
        }
        Instant now = Instant.now();
        Sample sample = sampler.last();
        if (sample == null || sample.takenAt().isBefore(now.minus(FRESH))) {
            sample = sampler.take();
        }
        if (sample == null || sample.standby()) {
            return 0;
        }
        return sample.takenAt().isBefore(now.minus(StatusReport.SILENCE)) ? 0 : sample.term();
    }
}
