package io.pgmosaic.client;

import io.pgmosaic.client.connection.DatabaseServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import javax.sql.DataSource;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** What is said of a transaction that was committed, was not, or of which nobody knows. */
class CommitsTest extends ClientHarness {
    private final AtomicInteger runs = new AtomicInteger();

    @Test
    void aServerThatDiesDuringTheCommitLeavesTheOutcomeUnknown() throws SQLException {
        for (String shard : GuardedShards.NAMES) {
            shards.run(
                    shard,
                    "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM"
                            + " pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$");
            shards.run(
                    shard,
                    "CREATE CONSTRAINT TRIGGER dies AFTER INSERT ON orders DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
                            + " EXECUTE FUNCTION die()");
        }
        assertThatThrownBy(() -> client.inTransaction(Orders.key(1), connection -> {
                    runs.incrementAndGet();
                    Orders.insert(connection, 1, "n");
                    return 0;
                }))
                .isInstanceOf(UnknownOutcomeException.class)
                .hasMessageContaining("whether it was done is unknown");
        assertThat(runs).as("a commit is never repeated").hasValue(1);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "08006", "57P01", "99999"})
    void aCommitWhoseAnswerIsLostIsDoneAndNotRepeated(@Nullable String state) throws SQLException {
        AtomicBoolean cut = new AtomicBoolean(true);
        try (MosaicClient unlucky =
                MosaicClient.create(shards.settings(), server -> with(server, losing(cut, state)))) {
            assertThatThrownBy(() -> unlucky.inTransaction(Orders.key(1), connection -> {
                        runs.incrementAndGet();
                        Orders.insert(connection, 1, "n");
                        return 0;
                    }))
                    .isInstanceOf(UnknownOutcomeException.class);
        }
        assertThat(runs).hasValue(1);
        assertThat(shards.notes(client.shardOf(Orders.key(1)), 1)).containsExactly("n");
    }

    @Test
    void aCommitThatStandbysMayNotHaveIsUnknown() throws SQLException {
        for (String shard : GuardedShards.NAMES) {
            // As PostgreSQL warns when the wait for standbys is cancelled.
            shards.run(
                    shard,
                    "CREATE FUNCTION warns() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE WARNING 'canceling wait';"
                            + " RETURN NULL; END $$");
            shards.run(
                    shard,
                    "CREATE CONSTRAINT TRIGGER warns AFTER INSERT ON orders DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
                            + " EXECUTE FUNCTION warns()");
        }
        assertThatThrownBy(() -> client.inTransaction(Orders.key(1), connection -> {
                    Orders.insert(connection, 1, "n");
                    return 0;
                }))
                .isInstanceOf(UnknownOutcomeException.class)
                .hasMessageContaining("canceling wait");
    }

    @Test
    void aCommitThatTheDatabaseRefusesIsPassedOnAndRolledBack() throws SQLException {
        for (String shard : GuardedShards.NAMES) {
            shards.run(
                    shard,
                    "ALTER TABLE orders ADD COLUMN same text, ADD CONSTRAINT once UNIQUE (same) DEFERRABLE INITIALLY"
                            + " DEFERRED");
        }
        assertThatThrownBy(() -> client.inTransaction(Orders.key(1), connection -> {
                    runs.incrementAndGet();
                    Orders.run(connection, "INSERT INTO orders VALUES (1, 'a', 'x'), (1, 'b', 'x')");
                    return 0;
                }))
                .isInstanceOf(SQLException.class)
                .isNotInstanceOf(UnknownOutcomeException.class)
                .satisfies(e -> assertThat(((SQLException) e).getSQLState()).isEqualTo("23505"));
        assertThat(runs).hasValue(1);
        assertThat(shards.notes(client.shardOf(Orders.key(1)), 1)).isEmpty();
    }

    /** A driver or a server that says something of a commit that was done. */
    private static Between losing(AtomicBoolean cut, @Nullable String state) {
        return (real, method, call) -> {
            Object result = call.go();
            if (method.getName().equals("commit") && cut.getAndSet(false)) {
                throw new SQLException("an I/O error occurred", state);
            }
            return result;
        };
    }

    private void assertUnknownAndDone(Between between) throws SQLException {
        try (MosaicClient unlucky = MosaicClient.create(shards.settings(), server -> with(server, between))) {
            assertThatThrownBy(() -> insert(unlucky, null)).isInstanceOf(UnknownOutcomeException.class);
        }
        assertThat(runs).hasValue(1);
        assertThat(shards.notes(client.shardOf(Orders.key(1)), 1)).containsExactly("n");
    }

    private void insert(MosaicClient by, @Nullable CausalContext context) throws SQLException {
        by.inTransaction(Orders.key(1), context, connection -> {
            runs.incrementAndGet();
            Orders.insert(connection, 1, "n");
            return 0;
        });
    }

    @Test
    void aReasonOfAServerThatIsGoneThenIsNoRefusal() throws SQLException {
        assertUnknownAndDone((real, method, call) -> {
            if (!method.getName().equals("commit")) {
                return call.go();
            }
            int process = processOf(real);
            call.go();
            // As a server says that panics while it writes the commit to its log.
            end(process);
            throw new SQLException("PANIC: could not fdatasync", "58030");
        });
    }

    private static int processOf(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
            row.next();
            return row.getInt(1);
        }
    }

    private void end(int process) throws SQLException {
        shards.run("s0", "SELECT pg_terminate_backend(" + process + ")");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> shards.count("s0", "SELECT count(*) FROM pg_stat_activity WHERE pid = " + process) == 0);
    }

    @Test
    void aDriverThatFailsDuringTheCommitLeavesTheOutcomeUnknown() throws SQLException {
        assertUnknownAndDone((real, method, call) -> {
            Object result = call.go();
            if (method.getName().equals("commit")) {
                throw new StackOverflowError();
            }
            return result;
        });
    }

    @Test
    void aCommitWhoseWarningsCannotBeReadIsNotRepeated() throws SQLException {
        AtomicBoolean committed = new AtomicBoolean();
        assertUnknownAndDone((real, method, call) -> {
            if (method.getName().equals("getWarnings") && committed.get()) {
                throw new SQLException("This connection has been closed.", "08003");
            }
            Object result = call.go();
            committed.compareAndSet(false, method.getName().equals("commit"));
            return result;
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"createStatement", "setAutoCommit", "close"})
    void whatFailsAfterAnAcknowledgedCommitIsNoFailureOfIt(String failing) throws SQLException {
        AtomicBoolean committed = new AtomicBoolean();
        CausalContext context = new CausalContext();
        Between between = (real, method, call) -> {
            if (committed.get() && method.getName().equals(failing)) {
                throw new IllegalStateException("a defect in a pool");
            }
            Object result = call.go();
            committed.compareAndSet(false, method.getName().equals("commit"));
            return result;
        };
        try (MosaicClient unlucky = MosaicClient.create(shards.settings(), server -> with(server, between))) {
            insert(unlucky, context);
        }
        String shard = client.shardOf(Orders.key(1));
        assertThat(shards.notes(shard, 1)).containsExactly("n");
        assertThat(context.isInDoubt(shard)).isEqualTo(failing.equals("createStatement"));
    }

    @Test
    void whatAWorkThrowsThatItDidNotDeclareRollsBack() throws SQLException {
        AtomicInteger rollbacks = new AtomicInteger();
        Between between = (real, method, call) -> {
            if (method.getName().equals("rollback")) {
                rollbacks.incrementAndGet();
            }
            return call.go();
        };
        try (MosaicClient own = MosaicClient.create(shards.settings(), server -> with(server, between))) {
            assertThatThrownBy(() -> own.inTransaction(Orders.key(1), connection -> {
                        Orders.insert(connection, 1, "n");
                        throw CommitsTest.<RuntimeException>undeclared(new IOException("a file is missing"));
                    }))
                    .isInstanceOf(IOException.class);
        }
        assertThat(rollbacks).hasValue(1);
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T extends Throwable> T undeclared(Throwable thrown) throws T {
        throw (T) thrown;
    }

    @Test
    void whatWasLeftOpenOnAConnectionIsNeverCommitted() throws SQLException {
        DatabaseServer server = new DatabaseServer(client.shardOf(Orders.key(1)), "any", "127.0.0.1", 0, "app");
        Connection left = shards.source(server).getConnection();
        left.setAutoCommit(false);
        Orders.insert(left, 1, "left");
        DataSource pool = (DataSource) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> left);
        try (MosaicClient own = MosaicClient.create(shards.settings(), any -> pool);
                Connection connection = own.connection(Orders.key(1))) {
            assertThat(connection.getAutoCommit()).isTrue();
        }
        assertThat(shards.notes(server.shard(), 1)).isEmpty();
    }
}
