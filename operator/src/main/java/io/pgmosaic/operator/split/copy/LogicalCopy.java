package io.pgmosaic.operator.split.copy;

import io.pgmosaic.operator.split.MovingTable;
import io.pgmosaic.operator.split.stream.Slots;
import io.pgmosaic.routing.guard.SqlText;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * Copies the rows that move. In order:
 *
 * <ol>
 *   <li>what an earlier try left is ended: its sessions at both sides, its slot;
 *   <li>the receiver records that a copy begins and is emptied, in one transaction in which it checks that it may be;
 *   <li>a slot is made at the sender, with the snapshot of the moment from which on it keeps changes;
 *   <li>each table is read under that snapshot, two at a time, and written in a transaction of its own, in which the receiver checks that
 *       no other copy has begun;
 *   <li>the receiver records that the copy is whole, which makes all of it durable.
 * </ol>
 *
 * The stream's publication must be there before. Whoever calls it has taken down the streams of both directions, so that what is
 * deleted here is deleted nowhere else.
 */
public final class LogicalCopy {
    private static final int AT_ONCE = 2;

    /** A copy's sessions, by which they are found when the operator that opened them is gone. */
    private static final String END_SESSIONS = "SELECT pg_terminate_backend(a.pid, 5000) FROM pg_stat_activity AS a"
            + " WHERE a.application_name = ? AND a.usename = 'mosaic_move' AND a.pid <> pg_backend_pid()";

    private final CopyOrder order;
    private final Throttle throttle;
    private final CopyLimits limits;
    private final CopyListener listener;
    private final AtomicLong rows = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();

    public LogicalCopy(CopyOrder order, CopyLimits limits, CopyListener listener) {
        this.order = order;
        this.limits = limits;
        this.throttle = new Throttle(limits, System::nanoTime);
        this.listener = listener;
    }

    /**
     * Copies. Blocks until it is done; an interrupt ends it.
     *
     * @throws SQLException with SQLSTATE {@code MO006} when the receiver's rows must not be replaced now; with any other the copy is to
     *     be begun anew
     * @throws CancellationException when the limits said so
     */
    public CopyResult run() throws SQLException, InterruptedException {
        endEarlier();
        try (ServerWatch sender = ServerWatch.over(order.from(), limits.isCancelled());
                ServerWatch receiver = ServerWatch.over(order.to(), limits.isCancelled())) {
            Timestamp began = begin(receiver);
            String position;
            List<Connection> readers = new ArrayList<>();
            try {
                try (Connection replication = sender.watched(order.from().forReplication())) {
                    Slots.Exported exported = Slots.export(replication, order.slot());
                    position = exported.position();
                    // The snapshot lives no longer than this session stays idle, unless others have taken it over.
                    for (int i = 0; i < Math.min(AT_ONCE, order.tables().size()); i++) {
                        readers.add(reader(sender, exported.snapshot()));
                    }
                }
                copyTables(readers, receiver, began);
            } finally {
                close(readers);
            }
            end(receiver, began, position);
            return new CopyResult(position, rows.get(), bytes.get());
        }
    }

    private void endEarlier() throws SQLException {
        for (var side : List.of(order.from(), order.to())) {
            try (Connection superuser = side.asSuperuser();
                    PreparedStatement statement = superuser.prepareStatement(END_SESSIONS)) {
                statement.setString(1, order.names().stem());
                statement.execute();
            }
        }
        try (Connection superuser = order.from().asSuperuser()) {
            Slots.drop(superuser, order.slot());
        }
    }

    /** What is written from here on is that of the copy that began at this time. */
    private Timestamp begin(ServerWatch watch) throws SQLException {
        try (Connection session = watch.watched(named(order.to().asMover()))) {
            session.setAutoCommit(false);
            execute(session, "SET LOCAL session_replication_role = replica");
            Timestamp began;
            try (PreparedStatement statement = session.prepareStatement("SELECT mosaic.begin_copy(?, ?, ?)")) {
                statement.setString(1, order.names().stem());
                statement.setString(2, order.split());
                statement.setLong(3, order.mapVersion());
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    began = row.getTimestamp(1);
                }
            }
            empty(session);
            session.commit();
            return began;
        }
    }

    private void empty(Connection session) throws SQLException {
        if (order.tables().isEmpty()) {
            return;
        }
        if (order.isReceiverEmptied()) {
            execute(
                    session,
                    "TRUNCATE "
                            + order.tables().stream()
                                    .map(MovingTable::qualifiedName)
                                    .collect(Collectors.joining(", ")));
            return;
        }
        for (MovingTable table : order.tables()) {
            String only = TableColumns.of(session, table).isPartitioned() ? "" : "ONLY ";
            execute(
                    session,
                    "DELETE FROM " + only + table.qualifiedName() + " AS " + MovingTable.ALIAS + " WHERE "
                            + table.condition());
        }
    }

    private Connection reader(ServerWatch watch, String snapshot) throws SQLException {
        Connection session = watch.watched(named(order.from().asMover()));
        try {
            session.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            session.setReadOnly(true);
            session.setAutoCommit(false);
            execute(session, "SET TRANSACTION SNAPSHOT " + SqlText.literal(snapshot));
            return session;
        } catch (SQLException e) {
            try (session) {
                throw e;
            }
        }
    }

    private void copyTables(List<Connection> readers, ServerWatch receiver, Timestamp began)
            throws SQLException, InterruptedException {
        ConcurrentLinkedQueue<MovingTable> left = new ConcurrentLinkedQueue<>(order.tables());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> workers = new ArrayList<>();
            for (Connection reader : readers) {
                workers.add(threads.submit(() -> {
                    copyFrom(reader, receiver, began, left);
                    return null;
                }));
            }
            try {
                for (Future<?> worker : workers) {
                    worker.get();
                }
            } catch (ExecutionException e) {
                throw failure(e);
            } finally {
                // An error of one ends the other; whoever waits for a server notices by its session.
                left.clear();
                threads.shutdownNow();
                if (workers.stream().anyMatch(worker -> worker.state() != Future.State.SUCCESS)) {
                    abort(readers);
                    receiver.abortAll();
                }
            }
        }
    }

    private void copyFrom(
            Connection reader, ServerWatch watch, Timestamp began, ConcurrentLinkedQueue<MovingTable> left)
            throws SQLException, InterruptedException {
        TablePipe pipe = new TablePipe(throttle, listener);
        try (Connection writer = watch.watched(named(order.to().asMover()))) {
            writer.setAutoCommit(false);
            for (MovingTable table = left.poll(); table != null; table = left.poll()) {
                // The end of the copy waits for the standbys, for all of it at once.
                execute(writer, "SET LOCAL synchronous_commit = off; SET LOCAL session_replication_role = replica");
                try (PreparedStatement goOn = writer.prepareStatement("SELECT mosaic.go_on_copy(?, ?)")) {
                    goOn.setString(1, order.names().stem());
                    goOn.setTimestamp(2, began);
                    goOn.execute();
                }
                TablePipe.Copied copied = pipe.copy(table, reader, writer);
                writer.commit();
                rows.addAndGet(copied.rows());
                bytes.addAndGet(copied.bytes());
                listener.copied(table.qualifiedName(), copied.rows(), copied.bytes(), true);
            }
        }
    }

    private void end(ServerWatch watch, Timestamp began, String position) throws SQLException {
        try (Connection session = watch.watched(named(order.to().asMover()));
                PreparedStatement statement =
                        session.prepareStatement("SELECT mosaic.end_copy(?, ?, CAST(? AS pg_catalog.pg_lsn), ?, ?)")) {
            statement.setString(1, order.names().stem());
            statement.setTimestamp(2, began);
            statement.setString(3, position);
            statement.setLong(4, order.from().term());
            statement.setLong(5, order.to().term());
            statement.execute();
        }
    }

    private SQLException failure(ExecutionException e) {
        return switch (e.getCause()) {
            case CancellationException cancelled -> throw cancelled;
            case RuntimeException broken -> throw broken;
            case SQLException sql when limits.isCancelled().getAsBoolean() -> throw cancelled(sql);
            case SQLException sql -> sql;
            case null, default -> new SQLException("the copy ended: " + e.getCause(), e);
        };
    }

    private static CancellationException cancelled(SQLException because) {
        CancellationException cancelled = new CancellationException("the copy was cancelled");
        cancelled.initCause(because);
        return cancelled;
    }

    private Connection named(Connection session) throws SQLException {
        try {
            execute(
                    session,
                    "SET application_name = " + SqlText.literal(order.names().stem()));
            return session;
        } catch (SQLException e) {
            try (session) {
                throw e;
            }
        }
    }

    private static void execute(Connection session, String sql) throws SQLException {
        try (Statement statement = session.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void abort(List<Connection> sessions) throws SQLException {
        for (Connection session : sessions) {
            session.abort(Runnable::run);
        }
    }

    private static void close(List<Connection> sessions) throws SQLException {
        SQLException first = null;
        for (Connection session : sessions) {
            try {
                session.close();
            } catch (SQLException e) {
                first = first == null ? e : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
