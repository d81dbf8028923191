package io.pgmosaic.instance.postgres;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.CancellationException;

/** Ends a program that runs for another thread; once cancelled, nothing further is started under it. */
public final class Cancellation {
    private @Nullable Process running;
    private boolean cancelled;

    public synchronized void cancel() {
        cancelled = true;
        if (running != null) {
            running.descendants().forEach(ProcessHandle::destroy);
            running.destroy();
        }
    }

    /**
     * @throws CancellationException when {@link #cancel} was called
     */
    public synchronized void check() {
        if (cancelled) {
            throw new CancellationException("cancelled by a later command or the end of the pod");
        }
    }

    synchronized void watch(Process process) {
        running = process;
        if (cancelled) {
            process.destroy();
        }
    }

    synchronized void unwatch() {
        running = null;
    }
}
