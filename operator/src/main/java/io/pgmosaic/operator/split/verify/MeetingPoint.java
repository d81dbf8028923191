package io.pgmosaic.operator.split.verify;

import io.pgmosaic.routing.guard.SqlText;
import org.postgresql.replication.LogSequenceNumber;

import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Makes both sides' sessions see the rows as of one position of the sender's log, while writers and stream go on:
 *
 * <ol>
 *   <li>the holder, at the receiver, takes the lock of a marker that does not exist yet;
 *   <li>the sender's readers take their snapshot, and the marker is committed right after that;
 *   <li>the stream applies everything that was committed before the marker, and waits for the lock;
 *   <li>the receiver's readers take their snapshot, and the holder's transaction ends.
 * </ol>
 *
 * What is committed between snapshot and marker is on the receiver alone; so a few rows that were written in that moment look
 * different, and none that is different looks equal. Rows that are locked meanwhile are exactly as they are at the position.
 *
 * <p>The lock is the holder's transaction's: it is gone when that ends, with the session of an operator that died too, and
 * PostgreSQL ends a holder that is silent for {@link #HOLD_SECONDS}.
 */
final class MeetingPoint {
    /** How long a stream is held up at most. */
    static final int HOLD_SECONDS = 5;

    private static final long XIDS = 1L << 32;
    private static final int QUIET_MOMENTS = 5;

    /** Shorter than it takes until PostgreSQL looks for deadlocks: it may not be the application's transaction that is ended. */
    private static final int LOCK_MILLIS = 300;

    private static final int LOCKS_MILLIS = 700;
    private static final long SHORTEST_WAIT_MILLIS = 2;
    private static final long LONGEST_WAIT_MILLIS = 50;

    /** For how long tables are read as of one meeting: it keeps both databases from cleaning up what has changed since. */
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** What is done at the receiver while the stream waits. */
    interface Held {
        /** @param holder in a transaction that is committed afterwards, and holds up the stream until then */
        void at(Connection holder) throws SQLException;
    }

    private final VerificationRequest request;
    private final SecureRandom random = new SecureRandom();
    private final Readers sender;
    private final Readers receiver;
    private final Connection marker;
    private final Connection locker;
    private final Connection holder;
    private LogSequenceNumber position = LogSequenceNumber.INVALID_LSN;
    private final Set<String> locked = new HashSet<>();
    private long metAt;
    private RunningTransactions seen = new RunningTransactions(0, Set.of());
    private String touchedHere = "false";
    private String touchedThere = "false";

    /** @param sessions to which those are added that are needed; whoever made them closes them */
    MeetingPoint(VerificationRequest request, Side sender, Side receiver, Sessions sessions) throws SQLException {
        this.request = request;
        this.sender = new Readers(sessions, sender, request.sessions());
        this.receiver = new Readers(sessions, receiver, request.sessions());
        marker = sessions.add(sender.superuser());
        locker = sessions.add(sender.mover());
        holder = sessions.add(receiver.mover());
        marker.setAutoCommit(false);
        locker.setAutoCommit(false);
        holder.setAutoCommit(false);
    }

    Readers sender() {
        return sender;
    }

    Readers receiver() {
        return receiver;
    }

    /** Where the sender's log was at the last meeting. */
    LogSequenceNumber position() {
        return position;
    }

    /** Which of the sender's rows were replaced or deleted around the marker; {@code %1$s} is the table. May be true of others. */
    String touchedHere() {
        return touchedHere;
    }

    /** Which of the receiver's rows were written around the marker; {@code %1$s} is the table. May be true of others. */
    String touchedThere() {
        return touchedThere;
    }

    /**
     * Whether that very version of a row was locked at the last meeting. A row that was deleted and inserted again while its lock
     * was waited for has the same key, and is not.
     */
    boolean wasLocked(String place) {
        return locked.contains(place);
    }

    /** Meets, unless the last meeting is recent enough. */
    void meetAnew(Watch watch) throws SQLException, InterruptedException {
        if (position.equals(LogSequenceNumber.INVALID_LSN) || System.nanoTime() - metAt > FRESH_NANOS) {
            meet("", session -> {}, watch);
        }
    }

    /** The term that the sender's server is in. */
    long senderTerm() throws SQLException {
        long term = Bookkeeping.term(marker);
        marker.rollback();
        return term;
    }

    /**
     * @param lockRows of the sender's, a query that locks them and gives their places; empty for none
     * @throws RowsLockedException when somebody else has one of them; nothing has happened. After any other exception the
     *     sessions have to be closed
     * @throws StreamLateException when the stream did not arrive in time
     */
    void meet(String lockRows, Held held, Watch watch) throws SQLException, InterruptedException {
        long id = random.nextLong(Long.MAX_VALUE);
        try {
            hold(id);
            LogSequenceNumber marked = mark(id, lockRows);
            sender.share();
            awaitStream(id, watch);
            receiver.take();
            receiver.share();
            held.at(holder);
            // Whoever got here held the lock all the time: had the session ended, this would fail.
            holder.commit();
            position = marked;
            metAt = System.nanoTime();
        } catch (RowsLockedException e) {
            marker.rollback();
            holder.rollback();
            throw e;
        }
    }

    private void hold(long id) throws SQLException {
        try (Statement statement = holder.createStatement()) {
            statement.execute("SET LOCAL idle_in_transaction_session_timeout = '" + HOLD_SECONDS
                    + "s'; SET LOCAL statement_timeout = '" + HOLD_SECONDS + "s'; SELECT pg_advisory_xact_lock("
                    + VerificationSchema.lock(request.stem(), id) + ")");
            long from = running(statement).oldest();
            touchedThere = "age(%1$s.xmin) <= age('" + from % XIDS + "'::xid)";
        }
    }

    private static RunningTransactions running(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT pg_current_snapshot()::text")) {
            row.next();
            return RunningTransactions.parse(row.getString(1));
        }
    }

    private LogSequenceNumber mark(long id, String lockRows) throws SQLException {
        try (Statement statement = marker.createStatement()) {
            String stem = SqlText.literal(request.stem());
            statement.execute("DELETE FROM mosaic.split_marker WHERE stem = " + stem
                    + "; INSERT INTO mosaic.split_marker (stem, id) VALUES (" + stem + ", " + id + ")");
            lock(lockRows);
            LogSequenceNumber marked = snapshotInQuietMoment(statement);
            marker.commit();
            touchedHere = touchedBetween(seen.oldest(), running(statement).next());
            marker.rollback();
            return marked;
        } finally {
            locker.rollback();
        }
    }

    /** Who replaced a row that is seen stays written in it, as a number that starts over. */
    static String touchedBetween(long from, long end) {
        return "%1$s.xmax <> '0' AND (%1$s.xmax::text::bigint + " + (XIDS - from % XIDS) + ") %% " + XIDS + " < "
                + (end - from);
    }

    private void lock(String lockRows) throws SQLException {
        locked.clear();
        if (lockRows.isEmpty()) {
            return;
        }
        try (Statement statement = locker.createStatement()) {
            statement.execute("SET LOCAL lock_timeout = '" + LOCK_MILLIS + "ms'; SET LOCAL statement_timeout = '"
                    + LOCKS_MILLIS + "ms'");
            try (ResultSet rows = statement.executeQuery(lockRows)) {
                while (rows.next()) {
                    locked.add(rows.getString(1));
                }
            }
        } catch (SQLException e) {
            if (RowsLockedException.isReasonOf(e)) {
                throw new RowsLockedException(e);
            }
            throw e;
        }
    }

    /** On a sender where something is committed all the time, any moment has to do. */
    private LogSequenceNumber snapshotInQuietMoment(Statement statement) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            seen = sender.take();
            try (ResultSet row = statement.executeQuery("SELECT pg_current_snapshot()::text,"
                    + " pg_current_xact_id()::text::bigint, pg_current_wal_insert_lsn()::text")) {
                row.next();
                long self = row.getLong(2);
                RunningTransactions now = RunningTransactions.parse(row.getString(1));
                if (attempt == QUIET_MOMENTS || now.without(self).equals(seen.without(self))) {
                    return LogSequenceNumber.valueOf(row.getString(3));
                }
            }
        }
    }

    private void awaitStream(long id, Watch watch) throws SQLException, InterruptedException {
        String query = "SELECT EXISTS (SELECT FROM pg_locks AS l JOIN pg_stat_subscription AS s ON s.pid = l.pid"
                + " WHERE l.locktype = 'advisory' AND NOT l.granted AND l.objsubid = 1"
                + " AND l.database = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())"
                + " AND (l.classid::bigint << 32 | l.objid::bigint) = "
                + VerificationSchema.lock(request.stem(), id) + " AND s.subname = "
                + SqlText.literal(request.subscription()) + ")";
        long deadline = System.nanoTime() + request.patience().toNanos();
        long wait = SHORTEST_WAIT_MILLIS;
        try (Statement statement = holder.createStatement()) {
            while (true) {
                try (ResultSet row = statement.executeQuery(query)) {
                    row.next();
                    if (row.getBoolean(1)) {
                        return;
                    }
                }
                if (watch.cancelled()) {
                    throw new CancelledException();
                }
                if (System.nanoTime() - deadline > 0) {
                    throw new StreamLateException(request);
                }
                sender.stayAwake();
                TimeUnit.MILLISECONDS.sleep(wait);
                wait = Math.min(2 * wait, LONGEST_WAIT_MILLIS);
            }
        }
    }
}
