package io.pgmosaic.instance.postgres;

import io.pgmosaic.instance.log.LogLines;
import io.pgmosaic.protocol.instance.PostgresState.ServerState;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The one server process. Started and stopped by one thread at a time, looked at by any; it never starts anything by
 * itself.
 */
public final class Postmaster {
    private static final System.Logger LOG = System.getLogger(Postmaster.class.getName());

    /** Its processes end at SIGQUIT without doing anything more; one that has not by then is stuck. */
    private static final long IMMEDIATE_SECONDS = 1;

    private final Programs programs;
    private final Path data;
    private final Leftovers leftovers;
    private final LogLines lines;
    private volatile Runnable onCrash = () -> {};

    private volatile @Nullable Process process;
    private volatile @Nullable Instant startedAt;
    private volatile ServerLogReader log;
    /** Told to stop since it was started: its end is no crash. */
    private volatile boolean told;

    public Postmaster(Programs programs, Path data, Leftovers leftovers, LogLines lines) {
        this.programs = programs;
        this.data = data;
        this.leftovers = leftovers;
        this.lines = lines;
        this.log = new ServerLogReader(lines);
    }

    /** @param action done on a thread of its own whenever the server ended without having been told to */
    public void whenCrashed(Runnable action) {
        onCrash = action;
    }

    /** Starts the server; ends what an earlier one left first, so that there are never two on the data. */
    public void start() throws IOException, InterruptedException {
        if (alive()) {
            throw new IllegalStateException("the server runs already");
        }
        leftovers.end(data);
        ServerLogReader reader = new ServerLogReader(lines);
        Process started;
        synchronized (this) {
            told = false;
            started = programs.startServer(data);
            log = reader;
            startedAt = Instant.now();
            process = started;
        }
        Thread.ofPlatform().daemon().name("postgres-log").start(() -> passLogOn(reader, started));
        CompletableFuture<Void> unused = started.onExit().thenAccept(ended -> {
            if (!told) {
                onCrash.run();
            }
        });
    }

    /**
     * @return true when it takes connections; false when it ended or the time is over
     */
    public boolean awaitReady(Duration patience, Cancellation cancellation) throws IOException, InterruptedException {
        return Poll.until(
                        () -> {
                            cancellation.check();
                            return !alive() || state() == ServerState.RUNNING;
                        },
                        patience)
                && state() == ServerState.RUNNING;
    }

    /** Makes it read its files again; returns before it has. */
    public void reload() throws IOException, InterruptedException {
        Process running = process;
        if (running != null && running.isAlive()) {
            programs.signal("HUP", running.pid());
        }
    }

    /**
     * Fast shutdown, and when that takes longer than {@code patience}, an immediate one. Returns when the process has
     * ended; at once when there is none.
     */
    public void stop(Duration patience) throws IOException, InterruptedException {
        told = true;
        Process running = process;
        if (running != null && running.isAlive()) {
            programs.signal("INT", running.pid());
            if (!running.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                programs.signal("QUIT", running.pid());
                if (!running.waitFor(10, TimeUnit.SECONDS)) {
                    running.destroyForcibly().waitFor();
                }
            }
        }
        leftovers.end(data);
    }

    /**
     * Ends it without a checkpoint, and what does not end within a second by SIGKILL. By any thread, whatever the one that
     * starts and stops the server is busy with.
     *
     * @param condition asked while no server can be started: a server that was started after it ceased to hold stays
     */
    public void stopNow(BooleanSupplier condition) throws IOException, InterruptedException {
        Process running;
        synchronized (this) {
            if (!condition.getAsBoolean()) {
                return;
            }
            told = true;
            running = process;
        }
        if (running != null && running.isAlive()) {
            programs.signal("QUIT", running.pid());
            if (!running.waitFor(IMMEDIATE_SECONDS, TimeUnit.SECONDS)) {
                leftovers.kill();
                running.destroyForcibly().waitFor();
            }
        }
    }

    /** The same, by the thread that starts it, and returns when nothing is left of it. */
    public void stopAtOnce() throws IOException, InterruptedException {
        stopNow(() -> true);
        leftovers.end(data);
    }

    /**
     * Ends the processes that stream from an upstream, and returns at a moment at which there is none.
     *
     * @return false when one does not end
     */
    public boolean endReceivers(Duration patience) throws IOException, InterruptedException {
        Process running = process;
        return running == null || !running.isAlive() || Receivers.end(running.toHandle(), patience);
    }

    /** Why a standby cannot stream although its upstream answers, in PostgreSQL's words; null when nothing is known. */
    public @Nullable String streamingComplaint() {
        return log.streamingComplaint();
    }

    /** Makes a standby that runs become a primary; returns before it is one. */
    public void promote() throws IOException, InterruptedException {
        programs.run(
                "pg_ctl", List.of("promote", "--no-wait", "-D", data.toString()), "", new Cancellation(), line -> {});
    }

    /** When the process was started last, by this machine's clock; null before the first time. */
    public @Nullable Instant startedAt() {
        return startedAt;
    }

    public boolean alive() {
        Process running = process;
        return running != null && running.isAlive();
    }

    public ServerState state() {
        Process running = process;
        if (running == null || !running.isAlive()) {
            return running == null || told ? ServerState.STOPPED : ServerState.CRASHED;
        }
        if (told) {
            return ServerState.STOPPING;
        }
        PostmasterPid file = PostmasterPid.read(data);
        if (file == null || file.pid() != running.pid()) {
            return ServerState.STARTING;
        }
        return switch (file.status()) {
            case "ready" -> ServerState.RUNNING;
            case "stopping" -> ServerState.STOPPING;
            default -> ServerState.STARTING;
        };
    }

    /** How it ended, when it was not told to; null otherwise. */
    public @Nullable String crash() {
        Process running = process;
        return running == null || running.isAlive() || told
                ? null
                : "PostgreSQL ended without having been told to, exit code " + running.exitValue();
    }

    /** The last messages of its log. */
    public String logTail() {
        return log.tail();
    }

    /** Until the last server process has closed it, which can be later than the end of the first. */
    private static void passLogOn(ServerLogReader reader, Process started) {
        try {
            reader.read(started.getErrorStream());
        } catch (IOException closed) {
            // Java closes the stream when it reaps the process; orphans that still write have nowhere to.
            LOG.log(System.Logger.Level.DEBUG, "the server's log ended: {0}", closed.getMessage());
        }
    }
}
