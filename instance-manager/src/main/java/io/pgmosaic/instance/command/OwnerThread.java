package io.pgmosaic.instance.command;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The one thread that starts and stops PostgreSQL and writes the volume, one piece of work at a time, in turn. */
final class OwnerThread {
    private static final System.Logger LOG = System.getLogger(OwnerThread.class.getName());
    private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("owner").factory());

    OwnerThread() {
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    void execute(Runnable work) {
        executor.execute(logged(work));
    }

    /** Does nothing once the thread is ending. */
    void later(Duration delay, Runnable work) {
        try {
            var scheduled = executor.schedule(logged(work), delay.toMillis(), TimeUnit.MILLISECONDS);
            LOG.log(System.Logger.Level.DEBUG, "in {0} ms: {1}", delay.toMillis(), scheduled);
        } catch (RejectedExecutionException ending) {
            LOG.log(System.Logger.Level.DEBUG, "not scheduled, the manager is ending");
        }
    }

    /** Takes no more work, and waits until what is begun is done. */
    void end(Duration patience) throws InterruptedException {
        executor.shutdown();
        if (!executor.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.log(System.Logger.Level.WARNING, "work is still under way after {0}", patience);
        }
    }

    private static Runnable logged(Runnable work) {
        return () -> {
            try {
                work.run();
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.ERROR, "unexpected failure", e);
            }
        };
    }
}
