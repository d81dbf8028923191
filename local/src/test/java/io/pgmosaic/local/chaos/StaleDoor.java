package io.pgmosaic.local.chaos;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pgmosaic.checker.accounts.AccountChange;
import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Straight to a primary, by a map that is not asked for again while a split runs, and now and then to just any shard. What goes to a
 * shard that does not own the key has to be refused. One thread at a time.
 */
final class StaleDoor implements Door {
    private final Patient patient;
    private final Supplier<Map<Long, String>> map;
    private @Nullable Session session;

    private record Session(String shard, Connection connection) {}

    /** @param map shards by key, as they once were */
    StaleDoor(Patient patient, Supplier<Map<Long, String>> map) {
        this.patient = patient;
        this.map = map;
    }

    @Override
    public Result transact(long key, Work work) {
        return transact(map.get().getOrDefault(key, ""), work);
    }

    /** The same on a shard that the map may not name. */
    Result transact(String shard, Work work) {
        @Nullable AccountChange change = null;
        boolean committing = false;
        try {
            Connection connection = connect(shard);
            connection.setAutoCommit(false);
            change = work.run(connection);
            connection.clearWarnings();
            committing = true;
            connection.commit();
            Optional<SQLWarning> warning = Optional.ofNullable(connection.getWarnings());
            return new Result(warning.isEmpty() ? Outcome.ACKNOWLEDGED : Outcome.UNKNOWN, change, warning.orElse(null));
        } catch (SQLException | KubernetesClientException e) {
            hangUp();
            return new Result(committing ? Outcome.UNKNOWN : Outcome.REFUSED, change, e);
        }
    }

    private Connection connect(String shard) throws SQLException {
        Session open = session;
        if (open != null && open.shard().equals(shard) && open.connection().isValid(1)) {
            return open.connection();
        }
        hangUp();
        Connection connection = patient.application(shard);
        session = new Session(shard, connection);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET lock_timeout = '1s'");
        }
        return connection;
    }

    /** Drops the connection without a word to the server. */
    void hangUp() {
        Session open = session;
        session = null;
        if (open != null) {
            try {
                open.connection().abort(Runnable::run);
            } catch (SQLException e) {
                throw new IllegalStateException("a connection cannot be dropped", e);
            }
        }
    }
}
