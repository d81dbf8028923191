package io.pgmosaic.router.database;

import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import org.jspecify.annotations.Nullable;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One server's connection, over which questions are sent one behind the other without waiting. Thread-safe. */
final class ServerSession {
    private static final long ANSWER_MILLIS = 2_000;
    private static final int MOST_WAITING = 512;

    /** A server that let nobody in is not tried again at once, however many questions there are. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final Login login;
    private final ServerAddress server;

    private @Nullable Attempt connection;
    private int waiting;
    private long usedAt = System.nanoTime();
    private long failedAt;
    private @Nullable String failure;
    private boolean closed;

    /** One connection, whether it is open yet or not; equal to itself alone. */
    private static final class Attempt {
        final Future<PgConnection> opening;

        Attempt(Future<PgConnection> opening) {
            this.opening = opening;
        }
    }

    ServerSession(Login login, ServerAddress server) {
        this.login = login;
        this.server = server;
    }

    /** Fails with a {@link NotAnsweredException}, or with the {@link PgException} that the server answered. */
    Future<RowSet<Row>> ask(String sql, Tuple parameters) {
        Attempt open;
        synchronized (this) {
            usedAt = System.nanoTime();
            if (closed) {
                return refused("is not asked any more");
            }
            if (waiting >= MOST_WAITING) {
                return refused("has " + MOST_WAITING + " questions to answer already");
            }
            if (failure != null && usedAt - failedAt < PAUSE_NANOS) {
                return refused(failure);
            }
            waiting++;
            open = open();
        }
        return open.opening
                .compose(session -> session.preparedQuery(sql).execute(parameters))
                .timeout(ANSWER_MILLIS, TimeUnit.MILLISECONDS)
                .eventually(() -> {
                    answered();
                    return Future.succeededFuture();
                })
                .recover(cause -> Future.failedFuture(told(open, cause)));
    }

    private Future<RowSet<Row>> refused(String why) {
        return Future.failedFuture(new NotAnsweredException("server " + server + " " + why));
    }

    private Attempt open() {
        Attempt present = connection;
        if (present != null) {
            return present;
        }
        Attempt attempt = new Attempt(login.open(server));
        connection = attempt;
        // What failed already is dropped within this call.
        attempt.opening.onComplete(opened -> opened(attempt, opened.result(), opened.cause()));
        return attempt;
    }

    private void opened(Attempt attempt, @Nullable PgConnection session, @Nullable Throwable cause) {
        boolean unwanted;
        synchronized (this) {
            unwanted = !attempt.equals(connection);
            if (session == null) {
                failure = "lets the router not in: " + (cause == null ? "" : cause.getMessage());
                failedAt = System.nanoTime();
                drop(attempt);
            } else {
                failure = null;
            }
        }
        if (session != null) {
            session.closeHandler(gone -> drop(attempt));
            session.exceptionHandler(broken -> drop(attempt));
            if (unwanted) {
                session.close();
            }
        }
    }

    /** What is wrong, for a person. A server that does not answer is left, since what is on the connection stays there. */
    private Throwable told(Attempt open, Throwable cause) {
        if (cause instanceof PgException) {
            return cause;
        }
        if (cause instanceof TimeoutException) {
            leave(open);
            return new NotAnsweredException(
                    "server " + server + " did not answer within " + ANSWER_MILLIS + " ms", cause);
        }
        drop(open);
        return new NotAnsweredException("server " + server + " cannot be asked: " + cause.getMessage(), cause);
    }

    private synchronized void answered() {
        waiting--;
        usedAt = System.nanoTime();
    }

    private synchronized void drop(Attempt gone) {
        if (gone.equals(connection)) {
            connection = null;
        }
    }

    private void leave(Attempt open) {
        drop(open);
        open.opening.onSuccess(PgConnection::close);
    }

    /** Closes the connection when nobody has used it for so long. */
    void rest(long idleNanos) {
        Attempt idle = null;
        synchronized (this) {
            if (waiting == 0 && connection != null && System.nanoTime() - usedAt > idleNanos) {
                idle = connection;
                // Whoever asks from here on opens another.
                connection = null;
            }
        }
        if (idle != null) {
            leave(idle);
        }
    }

    /** Answers nothing any more. */
    void close() {
        Attempt open;
        synchronized (this) {
            closed = true;
            open = connection;
        }
        if (open != null) {
            leave(open);
        }
    }
}
