package io.pgmosaic.router.database;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Asks the servers of the cluster. Thread-safe; nothing blocks. */
public final class Databases implements AutoCloseable {
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long CHECK_MILLIS = 10_000;

    private final Vertx vertx;
    private final Login login;
    private final Map<ServerAddress, ServerSession> sessions = new ConcurrentHashMap<>();
    private final long timer;

    /** @param secretDirectory holds {@code postgres-ca.crt} and {@code database-password}, read anew for each connection */
    public Databases(Vertx vertx, Path secretDirectory) {
        this.vertx = vertx;
        this.login = new Login(vertx, secretDirectory);
        this.timer =
                vertx.setPeriodic(CHECK_MILLIS, tick -> sessions.values().forEach(session -> session.rest(IDLE_NANOS)));
    }

    /**
     * Asks one server. An answer may come from a server that is not in the role in which it was told: let the question ask for
     * that too where it matters.
     *
     * @param sql one statement; of the same text for each question of a kind, since a connection keeps what it prepared
     * @return what the server answers; fails with a {@link NotAnsweredException} when it does not within seconds, and with an
     *     {@link io.vertx.pgclient.PgException} for an error that it answers
     */
    public Future<RowSet<Row>> ask(ServerAddress server, String sql, Tuple parameters) {
        return sessions.computeIfAbsent(server, unseen -> new ServerSession(login, unseen))
                .ask(sql, parameters);
    }

    /** Closes the connection to a server unless somebody waits for its answer; the next question opens another. */
    public void leave(ServerAddress server) {
        ServerSession session = sessions.get(server);
        if (session != null) {
            session.rest(0);
        }
    }

    /** Closes the connections to all others. */
    public void keepOnly(Set<ServerAddress> servers) {
        sessions.forEach((server, session) -> {
            if (!servers.contains(server) && sessions.remove(server, session)) {
                session.close();
            }
        });
    }

    @Override
    public void close() {
        vertx.cancelTimer(timer);
        keepOnly(Set.of());
    }
}
