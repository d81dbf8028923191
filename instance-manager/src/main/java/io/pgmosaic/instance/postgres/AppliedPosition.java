package io.pgmosaic.instance.postgres;

import io.pgmosaic.protocol.Lsn;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The end of a primary's log at a moment from which on commits wait for the standbys that are configured now and for no
 * others. What lies behind it was acknowledged by that rule alone.
 */
public final class AppliedPosition {
    private static final System.Logger LOG = System.getLogger(AppliedPosition.class.getName());
    private static final long PAUSE_MILLIS = 15;
    private static final long PATIENCE_SECONDS = 5;
    private static final Duration CHECKPOINT_PATIENCE = Duration.ofHours(1);

    private final ManagerSession session;
    private final ManagerSession slow;
    private final Programs programs;
    private long round;
    private @Nullable Lsn position;

    /** @param slow for what may take long */
    public AppliedPosition(ManagerSession session, ManagerSession slow, Programs programs) {
        this.session = session;
        this.slow = slow;
        this.programs = programs;
    }

    /** Null while it is not known. To be read after what it is told with, never before. */
    public synchronized @Nullable Lsn current() {
        return position;
    }

    /** To be called before a rule is changed, and before a server is started. */
    public synchronized void forget() {
        round++;
        position = null;
    }

    /** To be called when the server has started with the rule, or became a primary with it. */
    public void afterStart() {
        watch("applied-position", mine -> take(mine));
    }

    /**
     * To be called when the server was seen to have read the rule.
     *
     * @param before the names that were in force before; empty when no commit waited for anybody
     * @param names that are in force now
     */
    public void afterReload(String before, String names) {
        watch("applied-position", mine -> {
            if (before.isEmpty() && !names.isEmpty()) {
                awaitCheckpointer();
            }
            // One of them may be told by the postmaster only after the process that was seen to have read the rule.
            for (long pid : ask(WalSenders::processes)) {
                programs.signal("HUP", pid);
            }
            // Flushed as it is written, so that standbys confirm it at once and not only within a second.
            WalSenders senders = new WalSenders(before, names, ask(AppliedPosition::write));
            while (valid(mine) && !ask(senders::allHaveTakenIt)) {
                Thread.sleep(PAUSE_MILLIS);
            }
            take(mine);
        });
    }

    /**
     * Whether commits wait at all is for the checkpointer to say to the others. It takes a reload before it begins a
     * checkpoint; and who could connect just now was let in by a postmaster that had passed the reload on.
     */
    private void awaitCheckpointer() throws ExecutionException, TimeoutException, InterruptedException {
        slow.forget();
        checkpoint(CHECKPOINT_PATIENCE);
    }

    /** Has a checkpoint written, however long that takes within the patience. */
    public void checkpoint(Duration patience) throws ExecutionException, TimeoutException, InterruptedException {
        slow.submit(connection -> {
                    connection.setNetworkTimeout(Runnable::run, 0);
                    try (Statement statement = connection.createStatement()) {
                        statement.execute("SET statement_timeout = 0");
                        return statement.execute("CHECKPOINT");
                    }
                })
                .get(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Returns where the log is flushed to with something written now. */
    private static Lsn write(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_logical_emit_message(true, 'pgmosaic', '')");
        }
        return flushed(connection);
    }

    private static Lsn flushed(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_current_wal_flush_lsn()::text")) {
            row.next();
            return Lsn.parse(row.getString(1));
        }
    }

    private void take(long mine) throws ExecutionException, TimeoutException, InterruptedException {
        Lsn flushed = ask(AppliedPosition::flushed);
        synchronized (this) {
            if (valid(mine)) {
                position = flushed;
            }
        }
    }

    private <T> T ask(ManagerSession.Work<T> work) throws ExecutionException, TimeoutException, InterruptedException {
        return session.submit(work).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private synchronized boolean valid(long mine) {
        return round == mine;
    }

    private interface Watch {
        void until(long mine) throws IOException, ExecutionException, TimeoutException, InterruptedException;
    }

    /** Tries again whatever fails, until it has worked or is not wanted any more. */
    private void watch(String name, Watch watch) {
        long mine;
        synchronized (this) {
            round++;
            position = null;
            mine = round;
        }
        Thread.ofPlatform().daemon().name(name).start(() -> {
            try {
                while (valid(mine) && current() == null) {
                    try {
                        watch.until(mine);
                    } catch (IOException | ExecutionException | TimeoutException e) {
                        LOG.log(System.Logger.Level.DEBUG, "the position is not known yet: {0}", e.getMessage());
                        Thread.sleep(PAUSE_MILLIS * 20);
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }
}
