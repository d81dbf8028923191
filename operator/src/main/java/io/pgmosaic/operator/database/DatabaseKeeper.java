package io.pgmosaic.operator.database;

import io.pgmosaic.operator.ClusterKey;
import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Looks after the databases of all shards in the background, each on its own, so that one that hangs holds up no other.
 * A database is looked at when its intent changed, and again every few seconds, since people create and change tables.
 */
public final class DatabaseKeeper implements AutoCloseable {
    private static final Duration RECHECK = Duration.ofSeconds(10);
    private static final Duration RETRY = Duration.ofSeconds(2);

    private record Shard(ClusterKey cluster, String name) {}

    private static final class Work {
        boolean running;

        @Nullable
        String fingerprint;

        @Nullable
        Instant finishedAt;

        @Nullable
        DatabaseReport report;
    }

    private final Function<DatabaseIntent, DatabaseReport> setup;
    private final Clock clock;
    private final Consumer<ClusterKey> onReport;
    private final Map<Shard, Work> works = new ConcurrentHashMap<>();
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();

    /**
     * @param onReport called when a report differs from the one before
     */
    public DatabaseKeeper(Function<DatabaseIntent, DatabaseReport> setup, Clock clock, Consumer<ClusterKey> onReport) {
        this.setup = setup;
        this.clock = clock;
        this.onReport = onReport;
    }

    /**
     * Sees to it that the database is looked at, and returns the last report on this very intent; null when there is none
     * yet.
     */
    public @Nullable DatabaseReport keep(DatabaseIntent intent) {
        String fingerprint = intent.fingerprint();
        Work work = works.computeIfAbsent(new Shard(intent.cluster(), intent.shard()), unseen -> new Work());
        synchronized (work) {
            if (!work.running && isDue(work, fingerprint)) {
                work.running = true;
                workers.execute(() -> run(intent, fingerprint, work));
            }
            return fingerprint.equals(work.fingerprint) ? work.report : null;
        }
    }

    /** The last report on the shard, whatever the intent was; null when there is none. */
    public @Nullable DatabaseReport last(ClusterKey cluster, String shard) {
        Work work = works.get(new Shard(cluster, shard));
        if (work == null) {
            return null;
        }
        synchronized (work) {
            return work.report;
        }
    }

    public void forget(ClusterKey cluster) {
        works.keySet().removeIf(shard -> shard.cluster().equals(cluster));
    }

    /** Of a shard that is gone: another one of its name is another database. */
    public void forget(ClusterKey cluster, String shard) {
        works.remove(new Shard(cluster, shard));
    }

    private boolean isDue(Work work, String fingerprint) {
        if (work.finishedAt == null || !fingerprint.equals(work.fingerprint)) {
            return true;
        }
        Duration wait = work.report != null && work.report.ready() ? RECHECK : RETRY;
        return !clock.instant().isBefore(work.finishedAt.plus(wait));
    }

    private void run(DatabaseIntent intent, String fingerprint, Work work) {
        DatabaseReport report;
        try {
            report = setup.apply(intent);
        } catch (RuntimeException e) {
            report = DatabaseReport.failed(new io.pgmosaic.operator.plan.Finding(
                    io.pgmosaic.operator.plan.Reason.DATABASE_SETUP_FAILED, intent.shard(), e.toString()));
        }
        boolean news;
        synchronized (work) {
            news = work.report == null
                    || work.report.ready() != report.ready()
                    || !work.report.findings().equals(report.findings())
                    || !fingerprint.equals(work.fingerprint);
            work.running = false;
            work.fingerprint = fingerprint;
            work.finishedAt = clock.instant();
            work.report = report;
        }
        if (news) {
            onReport.accept(intent.cluster());
        }
    }

    @Override
    public void close() {
        workers.shutdownNow();
    }
}
