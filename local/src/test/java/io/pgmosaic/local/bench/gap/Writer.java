package io.pgmosaic.local.bench.gap;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Writes one row after another through one connection from its creation to its end. When the connection fails it asks
 * where the primary is, and asks again every {@link #PAUSE} until a connection takes a write; every try is a new row.
 */
public final class Writer implements AutoCloseable {
    /** Between two tries. */
    public static final Duration PAUSE = Duration.ofMillis(100);

    private final PrimaryFinder primary;
    private final Ledger ledger;
    private final Thread thread;
    private final List<Session> sessions = new ArrayList<>();
    private String trouble = "none";
    private boolean closed;

    /** Starts to write. */
    public Writer(PrimaryFinder primary, Ledger ledger) {
        this.primary = primary;
        this.ledger = ledger;
        thread = Thread.ofPlatform().name("writer").daemon().start(this::run);
    }

    /** Waits until a write was acknowledged that began {@code after} from now or later. */
    public void keepWriting(Duration after, Duration limit) throws InterruptedException, TimeoutException {
        long from = System.nanoTime() + after.toNanos();
        await(limit.plus(after), () -> lastWrite().filter(write -> write.begun() - from >= 0));
    }

    /**
     * The gap that a fault makes: from the last acknowledged write of the connections from before it to the first of a
     * connection from after it.
     *
     * @param limit how long to wait for the first write after it
     * @throws TimeoutException naming what the client met last
     */
    public WriteGap across(Fault fault, Duration limit) throws InterruptedException, TimeoutException {
        long began = System.nanoTime();
        fault.strike();
        Session after = await(limit, () -> sessions.stream()
                .filter(session ->
                        session.isOpenedAfter(began) && !session.writes().isEmpty())
                .findFirst());
        synchronized (this) {
            Session before = sessions.stream()
                    .filter(session ->
                            !session.isOpenedAfter(began) && !session.writes().isEmpty())
                    .reduce((earlier, later) -> later)
                    .orElseThrow(() -> new IllegalStateException("nothing was written before the fault"));
            return new WriteGap(
                    before.server().name(),
                    after.server().name(),
                    before.writes().getLast().acknowledged(),
                    after.writes().getFirst().acknowledged(),
                    after.attempt() - before.attempt());
        }
    }

    /** How many acknowledged writes began after a time of {@link System#nanoTime}. */
    public synchronized long acknowledgedSince(long time) {
        return sessions.stream()
                .flatMap(session -> session.writes().stream())
                .filter(write -> write.begun() - time > 0)
                .count();
    }

    private void run() {
        try {
            for (int attempt = 1; !isClosed(); attempt++) {
                Optional<Server> server = primary.find();
                if (server.isPresent()) {
                    write(server.get(), attempt);
                } else {
                    note("no primary is known");
                }
                pause();
            }
        } catch (InterruptedException e) {
            note("ended while it asked for the primary");
        }
    }

    /** Writes until the connection fails or nobody wants more. */
    private void write(Server server, int attempt) {
        Session session = new Session(server, System.nanoTime(), attempt);
        synchronized (this) {
            sessions.add(session);
        }
        try (Connection connection = server.connect();
                PreparedStatement insert = connection.prepareStatement(Ledger.INSERT)) {
            while (!isClosed()) {
                long id = ledger.nextId();
                insert.setLong(1, id);
                long begun = System.nanoTime();
                insert.executeUpdate();
                acknowledged(session, id, begun, System.nanoTime());
            }
        } catch (SQLException e) {
            note(server + ": " + e.getMessage());
        }
    }

    private synchronized void acknowledged(Session session, long id, long begun, long now) {
        ledger.acknowledged(id);
        session.writes().add(new Session.Write(begun, now));
        notifyAll();
    }

    private synchronized Optional<Session.Write> lastWrite() {
        return sessions.isEmpty() || sessions.getLast().writes().isEmpty()
                ? Optional.empty()
                : Optional.of(sessions.getLast().writes().getLast());
    }

    private synchronized <T> T await(Duration limit, Supplier<Optional<T>> answer)
            throws InterruptedException, TimeoutException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            Optional<T> given = answer.get();
            if (given.isPresent()) {
                return given.get();
            }
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                throw new TimeoutException(
                        "no such write in " + limit.toSeconds() + " s; the client's last trouble: " + trouble);
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    /** The pause before the next try; the end of the client ends it, too. */
    private synchronized void pause() throws InterruptedException {
        long deadline = System.nanoTime() + PAUSE.toNanos();
        for (long left = PAUSE.toNanos(); !closed && left > 0; left = deadline - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    private synchronized void note(@Nullable String happened) {
        trouble = String.valueOf(happened);
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /** Ends the client, after the write that it waits for. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
