package io.pgmosaic.instance.postgres;

import io.pgmosaic.protocol.Lsn;
import org.jspecify.annotations.Nullable;

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
    private static final long PROVOKE_EVERY = 6;
    private static final long PATIENCE_SECONDS = 5;
    private static final Duration CHECKPOINT_PATIENCE = Duration.ofHours(1);

    private final ManagerSession session;
    private final ManagerSession slow;
    private long round;
    private @Nullable Lsn position;

    /** @param slow for what may take long */
    public AppliedPosition(ManagerSession session, ManagerSession slow) {
        this.session = session;
        this.slow = slow;
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
     * @param names that are in force now
     * @param fromNobody whether no commit waited for anybody before
     */
    public void afterReload(String names, boolean fromNobody) {
        watch("applied-position", mine -> {
            if (fromNobody && !names.isEmpty()) {
                awaitCheckpointer();
            }
            WalSenders senders = new WalSenders(names);
            for (long turn = 0; valid(mine) && !ask(senders::allHaveTakenIt); turn++) {
                if (turn % PROVOKE_EVERY == 0) {
                    // Something to be flushed, so that standbys reply at once and not only within a second.
                    ask(AppliedPosition::provoke);
                }
                Thread.sleep(PAUSE_MILLIS);
            }
            take(mine);
        });
    }

    /**
     * Whether commits wait at all is for the checkpointer to say to the others. It takes a reload before it begins a
     * checkpoint; and who could connect just now was let in by a postmaster that had passed the reload on.
     */
    private void awaitCheckpointer() throws SQLException, ExecutionException, TimeoutException, InterruptedException {
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

    private static boolean provoke(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.execute("SELECT pg_logical_emit_message(true, 'pgmosaic', '')");
        }
    }

    private void take(long mine) throws SQLException, ExecutionException, TimeoutException, InterruptedException {
        Lsn flushed = ask(connection -> {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT pg_current_wal_flush_lsn()::text")) {
                row.next();
                return Lsn.parse(row.getString(1));
            }
        });
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
        void until(long mine) throws SQLException, ExecutionException, TimeoutException, InterruptedException;
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
                    } catch (SQLException | ExecutionException | TimeoutException e) {
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
