package io.pgmosaic.checker;

import io.pgmosaic.checker.Operation.Action;
import io.pgmosaic.checker.Operation.Action.Insert;
import io.pgmosaic.checker.Operation.Action.Read;
import io.pgmosaic.checker.Operation.Action.Swap;
import io.pgmosaic.checker.Operation.Action.Write;
import io.pgmosaic.checker.Operation.Outcome;
import io.pgmosaic.checker.Operation.Seen;
import io.pgmosaic.checker.Router.Route;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * An application that has to do with one shard and what became of it: asks the router for each thing that it does, connects to the
 * server that is named, and gives up on whatever goes wrong, to ask again. Thinks a little between two things, and a little longer after a
 * failure.
 */
public final class Client implements Runnable {
    private static final long VALUES_OF_A_CLIENT = 1_000_000_000L;
    private static final int REGISTERS_AT_A_TIME = 64;
    private static final long REGISTERS_LAST_NANOS = Duration.ofMinutes(1).toNanos();
    private static final int INSERT_KEYS = 1_000_000;
    private static final Duration AFTER_FAILURE = Duration.ofMillis(100);

    private final int number;
    private final Home home;
    private final SplittableRandom random;
    private final Router router;
    private final Access access;
    private final History history;
    private final long began;
    private final Duration longestThought;
    private final AtomicBoolean ended;
    private long values;
    private final Map<String, Session> sessions = new HashMap<>();

    private record Session(Route route, Connection connection) {}

    /**
     * A client that has not begun.
     *
     * @param number unlike that of any other
     * @param home of the keys that it draws it uses those that live there
     * @param began when all clients did, by {@link System#nanoTime}
     * @param ended tells it to end
     */
    public Client(
            int number,
            Home home,
            SplittableRandom random,
            Router router,
            Access access,
            History history,
            long began,
            Duration longestThought,
            AtomicBoolean ended) {
        this.number = number;
        this.home = home;
        this.random = random;
        this.router = router;
        this.access = access;
        this.history = history;
        this.began = began;
        this.longestThought = longestThought;
        this.ended = ended;
    }

    @Override
    public void run() {
        try {
            while (!ended.get()) {
                Optional<Operation> done = act();
                if (done.isPresent()) {
                    history.add(done.get());
                    long nanos = done.get().isAcknowledged()
                            ? random.nextLong(longestThought.toNanos())
                            : AFTER_FAILURE.toNanos();
                    LockSupport.parkNanos(nanos);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            List.copyOf(sessions.keySet()).forEach(this::disconnect);
        }
    }

    /** Does something; empty when the key that was drawn lives elsewhere. */
    private Optional<Operation> act() throws InterruptedException {
        long value = number * VALUES_OF_A_CLIENT + ++values;
        int kind = random.nextInt(10);
        if (kind < 4) {
            return act(new Insert(value), random.nextInt(INSERT_KEYS));
        }
        // Registers are used for a while and then no more, so that none has a long history.
        long generation = (System.nanoTime() - began) / REGISTERS_LAST_NANOS;
        long key = generation * REGISTERS_AT_A_TIME + random.nextInt(REGISTERS_AT_A_TIME);
        return act(kind < 6 ? new Read(null) : kind < 8 ? new Write(value) : new Swap(null, value), key);
    }

    private Optional<Operation> act(Action wanted, long key) throws InterruptedException {
        long start = System.nanoTime();
        Progress progress = new Progress(wanted);
        Outcome outcome;
        String problem = null;
        String shard = home.shard();
        try {
            Route route = router.primary(key);
            shard = route.shard();
            if (home.isElsewhere(shard)) {
                return Optional.empty();
            }
            Connection open = connect(route);
            try (Statement statement = open.createStatement()) {
                outcome = wanted instanceof Read ? read(statement, key, progress) : write(statement, key, progress);
            }
            problem = progress.warning;
        } catch (NoRouteException e) {
            if (home.isElsewhere(e.shard())) {
                return Optional.empty();
            }
            shard = e.shard().isEmpty() ? shard : e.shard();
            problem = e.getMessage();
            outcome = Outcome.FAILED;
        } catch (IOException | SQLException e) {
            problem = e instanceof SQLException sql ? sql.getSQLState() + " " + e.getMessage() : String.valueOf(e);
            outcome = progress.committing ? Outcome.UNKNOWN : Outcome.FAILED;
            disconnect(shard);
        }
        return Optional.of(new Operation(
                number, progress.action, key, start, System.nanoTime(), outcome, shard, progress.seen, problem));
    }

    private static Outcome read(Statement statement, long key, Progress progress) throws SQLException {
        Tables.Found found = Tables.read(statement, key);
        progress.action = found.read();
        progress.seen = found.seen();
        return Outcome.ACKNOWLEDGED;
    }

    /** Until the commit is sent nothing can take effect; from then on only the answer tells. */
    private static Outcome write(Statement statement, long key, Progress progress) throws SQLException {
        statement.execute("BEGIN");
        progress.seen = switch (progress.action) {
            case Insert insert -> Tables.insert(statement, key, insert);
            case Write write -> Tables.write(statement, key, write);
            case Swap swap -> {
                Swap exact = new Swap(Tables.lock(statement, key), swap.value());
                progress.action = exact;
                yield Tables.set(statement, key, exact);
            }
            case Read read -> throw new IllegalStateException("a read is no write: " + read);
        };
        progress.committing = true;
        statement.clearWarnings();
        statement.execute("COMMIT");
        // A commit that was not confirmed by its standbys comes back with a warning. It is there, and may vanish.
        progress.warning = Optional.ofNullable(statement.getWarnings())
                .map(SQLException::getMessage)
                .orElse(null);
        return progress.warning == null ? Outcome.ACKNOWLEDGED : Outcome.UNKNOWN;
    }

    private static final class Progress {
        private Action action;
        private @Nullable Seen seen;
        private @Nullable String warning;
        private boolean committing;

        Progress(Action action) {
            this.action = action;
        }
    }

    private Connection connect(Route route) throws SQLException {
        Session open = sessions.get(route.shard());
        if (open != null && open.route().equals(route)) {
            return open.connection();
        }
        disconnect(route.shard());
        Connection connection = access.connect(route.host(), route.port());
        sessions.put(route.shard(), new Session(route, connection));
        return connection;
    }

    private void disconnect(String shard) {
        Session open = sessions.remove(shard);
        if (open != null) {
            try {
                open.connection().abort(Runnable::run);
            } catch (SQLException e) {
                throw new IllegalStateException("a connection cannot be dropped", e);
            }
        }
    }
}
