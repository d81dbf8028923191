package io.pgmosaic.instance.command;

import io.pgmosaic.instance.postgres.DatabaseSize;
import io.pgmosaic.instance.postgres.ManagerSession;
import io.pgmosaic.instance.postgres.Sample;
import io.pgmosaic.instance.postgres.SampleQuery;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks the server for its state, and never makes the one who asks wait long for a server that hangs. */
final class ServerSampler {
    private static final long PATIENCE_MILLIS = 500;
    private static final Duration SIZE_EVERY = Duration.ofSeconds(30);

    private final ManagerSession session;
    private final ManagerSession slow;
    private @Nullable CompletableFuture<Sample> asking;
    private @Nullable CompletableFuture<Long> measuring;
    private volatile @Nullable Sample last;
    private volatile @Nullable Long databaseBytes;
    private volatile @Nullable String failure;
    private @Nullable Instant silentSince;
    private Instant measuredAt = Instant.EPOCH;

    /** @param slow for what may take long */
    ServerSampler(ManagerSession session, ManagerSession slow) {
        this.session = session;
        this.slow = slow;
    }

    /**
     * A new sample, or after half a second the last one, which may be of an earlier run of the server; null when there is
     * none.
     */
    @Nullable
    Sample take() {
        CompletableFuture<Sample> current;
        synchronized (this) {
            if (asking == null || asking.isDone()) {
                asking = session.submit(SampleQuery::run);
                if (silentSince == null) {
                    silentSince = Instant.now();
                }
            }
            current = asking;
        }
        try {
            last = current.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
            failure = null;
            answered();
            measure();
        } catch (TimeoutException e) {
            failure = "PostgreSQL does not answer the manager's query";
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            failure = "PostgreSQL answers the manager: " + cause.getMessage();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return last;
    }

    /** The last one, of whatever age; null when there is none. */
    @Nullable
    Sample last() {
        return last;
    }

    /** Since when nothing was answered that was asked; null when the last question was answered. */
    synchronized @Nullable Instant silentSince() {
        return silentSince;
    }

    private synchronized void answered() {
        silentSince = null;
    }

    /** Why the last attempt gave no new sample; null when it did. */
    @Nullable
    String failure() {
        return failure;
    }

    /** Of all databases together, at most half a minute old; null before it was first measured. */
    @Nullable
    Long databaseBytes() {
        return databaseBytes;
    }

    private synchronized void measure() {
        if (measuring != null && measuring.isDone() && !measuring.isCompletedExceptionally()) {
            databaseBytes = measuring.getNow(0L);
            measuring = null;
        }
        if (Instant.now().isAfter(measuredAt.plus(SIZE_EVERY))) {
            measuredAt = Instant.now();
            measuring = slow.submit(DatabaseSize::bytes);
        }
    }
}
