package io.pgmosaic.checker.consistency;

import io.pgmosaic.checker.Access;
import io.pgmosaic.checker.consistency.GuaranteedRouter.Position;
import io.pgmosaic.checker.consistency.GuaranteedRouter.Reader;
import io.pgmosaic.checker.consistency.GuaranteedRouter.Target;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * An application that writes its counter and reads its own and others' as docs/router-api.md says, by tokens or by a session, and
 * checks what each read shows. Whatever goes wrong, it tries something else after a pause. It writes, and reports what it read,
 * every few seconds only, so that in between replicas get to where they serve its reads.
 */
public final class ConsistencyClient implements Runnable {
    private static final Duration AFTER_FAILURE = Duration.ofMillis(50);
    private static final long LEAST_REST_NANOS = Duration.ofMillis(500).toNanos();
    private static final long LONGEST_REST_NANOS = Duration.ofSeconds(6).toNanos();

    private final long key;
    private final long other;
    private final long teller;
    private final @Nullable String session;
    private final SplittableRandom random;
    private final GuaranteedRouter router;
    private final Access access;
    private final Counters counters;
    private final ConsistencyLog log;
    private final AtomicBoolean ended;

    private final Map<String, Connection> connections = new HashMap<>();
    /** Its last write; null before the first, and with a session. */
    private @Nullable String token;
    /** What it has seen of others; null with a session. */
    private @Nullable String seenToken;

    private long nextWrite = System.nanoTime();
    private long nextReport = nextWrite;
    private long written;
    /** What its reads of its own counter have to show. */
    private long due;
    /** What its last reads of the other's counter showed: with a token, as far as they were reported. */
    private long shown;

    /**
     * One of several that know each other's numbers.
     *
     * @param firstKey of their counters, which nobody has written before
     * @param number from 0; those of even numbers go by tokens and pass them on, the others by sessions
     * @param clients how many there are, an even number
     * @param run unlike that of any other run against the same router
     * @param ended tells it to end
     */
    public ConsistencyClient(
            long firstKey,
            int number,
            int clients,
            String run,
            SplittableRandom random,
            GuaranteedRouter router,
            Access access,
            Counters counters,
            ConsistencyLog log,
            AtomicBoolean ended) {
        this.key = firstKey + number;
        this.other = firstKey + Math.floorMod(number + 1, clients);
        this.teller = firstKey + Math.floorMod(number % 2 == 0 ? number + 2 : number + 1, clients);
        this.session = number % 2 == 0 ? null : run + "-" + number;
        this.random = random;
        this.router = router;
        this.access = access;
        this.counters = counters;
        this.log = log;
        this.ended = ended;
    }

    @Override
    public void run() {
        try {
            while (!ended.get()) {
                try {
                    act();
                } catch (IOException | SQLException e) {
                    log.failed(
                            e instanceof SQLException sql
                                    ? String.valueOf(sql.getSQLState())
                                    : String.valueOf(e.getMessage())
                                            .lines()
                                            .findFirst()
                                            .orElse(""));
                    LockSupport.parkNanos(AFTER_FAILURE.toNanos());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            List.copyOf(connections.keySet()).forEach(this::drop);
        }
    }

    private void act() throws IOException, SQLException, InterruptedException {
        if (System.nanoTime() - nextWrite >= 0) {
            nextWrite = System.nanoTime() + random.nextLong(LEAST_REST_NANOS, LONGEST_REST_NANOS);
            write();
            return;
        }
        switch (random.nextInt(3)) {
            case 0 -> readOwn();
            case 1 -> readOther();
            default -> readWhatWasTold();
        }
    }

    private Reader by(@Nullable String ownToken) {
        return new Reader(session, session == null ? ownToken : null);
    }

    private void write() throws IOException, SQLException, InterruptedException {
        long value = written + 1;
        Target target = router.primary(key, session);
        Position position = on(target, statement -> {
            // Used up, whatever becomes of it: each value is written once.
            written = value;
            statement.clearWarnings();
            Counters.write(statement, key, value);
            if (statement.getWarnings() != null) {
                throw new SQLException(
                        "not confirmed by standbys: " + statement.getWarnings().getMessage(), "01000");
            }
            counters.acknowledge(key, value);
            if (session != null) {
                // A write that the session was told of counts from its lookup on, also if it is never reported.
                due = value;
            }
            return position(statement);
        });
        if (session != null) {
            router.report(target, position, "write", by(null));
        } else {
            token = Objects.requireNonNull(router.report(target, position, "write", by(token)), "no token was told");
            due = value;
            counters.publish(key, value, token);
        }
    }

    private void readOwn() throws IOException, SQLException, InterruptedException {
        if (due == 0) {
            return;
        }
        Target target = router.reader(key, Guarantee.READ_YOUR_WRITES, by(token));
        long found = on(target, statement -> Counters.read(statement, key));
        log.read(Guarantee.READ_YOUR_WRITES, key, due, found, target);
    }

    private void readOther() throws IOException, SQLException, InterruptedException {
        if (session == null && seenToken == null) {
            seenToken = router.merge(List.of());
        }
        Target target = router.reader(other, Guarantee.MONOTONIC, by(seenToken));
        long before = shown;
        Seen seen = on(target, statement -> {
            long value = Counters.read(statement, other);
            return new Seen(value, position(statement));
        });
        if (before > 0) {
            log.read(Guarantee.MONOTONIC, other, before, seen.value(), target);
        }
        if (session != null) {
            shown = Math.max(shown, seen.value());
        }
        if (System.nanoTime() - nextReport >= 0) {
            nextReport = System.nanoTime() + random.nextLong(LEAST_REST_NANOS, LONGEST_REST_NANOS);
            @Nullable String reported = router.report(target, seen.position(), "read", by(seenToken));
            seenToken = reported;
            shown = Math.max(shown, seen.value());
        }
    }

    private record Seen(long value, Position position) {}

    private void readWhatWasTold() throws IOException, SQLException, InterruptedException {
        Counters.@Nullable Published told = counters.published(teller);
        if (told == null) {
            return;
        }
        String merged =
                token == null || random.nextBoolean() ? told.token() : router.merge(List.of(token, told.token()));
        Target target = router.reader(teller, Guarantee.CAUSAL, new Reader(null, merged));
        long found = on(target, statement -> Counters.read(statement, teller));
        log.read(Guarantee.CAUSAL, teller, told.value(), found, target);
    }

    private interface Work<T> {
        T with(Statement statement) throws SQLException;
    }

    private <T> T on(Target target, Work<T> work) throws SQLException {
        String address = target.host() + ":" + target.port();
        try {
            @Nullable Connection connection = connections.get(address);
            if (connection == null) {
                connection = access.connect(target.host(), target.port());
                connections.put(address, connection);
                try (Statement statement = connection.createStatement()) {
                    check(statement, target);
                }
            }
            try (Statement statement = connection.createStatement()) {
                return work.with(statement);
            }
        } catch (SQLException e) {
            drop(address);
            throw e;
        }
    }

    /** A server that was started again may be behind what it had shown, or be something else by now. */
    private static void check(Statement statement, Target target) throws SQLException {
        String reached =
                target.position() == null ? "true" : "pg_last_wal_replay_lsn() >= '" + target.position() + "'::pg_lsn";
        try (ResultSet row = statement.executeQuery(
                "SELECT pg_is_in_recovery(), CASE WHEN pg_is_in_recovery() THEN " + reached + " ELSE true END")) {
            row.next();
            if (row.getBoolean(1) != target.replica() || !row.getBoolean(2)) {
                throw new SQLException("the server is not what the router named, or not where it was", "25006");
            }
        }
    }

    /** Beyond all that was written or seen on the server, also when a replica has become the primary meanwhile. */
    private static Position position(Statement statement) throws SQLException {
        try (ResultSet row =
                statement.executeQuery("SELECT current_setting('mosaic.term'), CASE WHEN pg_is_in_recovery()"
                        + " THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_insert_lsn() END")) {
            row.next();
            @Nullable String place = row.getString(2);
            if (place == null) {
                throw new SQLException("the server has replayed nothing yet", "55000");
            }
            return new Position(row.getLong(1), place);
        }
    }

    private void drop(String address) {
        @Nullable Connection connection = connections.remove(address);
        if (connection != null) {
            try {
                connection.abort(Runnable::run);
            } catch (SQLException e) {
                throw new IllegalStateException("a connection cannot be dropped", e);
            }
        }
    }
}
