package io.pgmosaic.client;

import io.pgmosaic.client.connection.ShardUnavailableException;
import org.junit.jupiter.api.Test;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** What is done again, what is not, and what is said then. */
class RetriesTest extends ClientHarness {
    private static final String DIE = "SELECT pg_terminate_backend(pg_backend_pid())";

    private final AtomicInteger runs = new AtomicInteger();

    @Test
    void aStaleMapIsRefusedByTheDatabaseAndTheWorkDoneAgainWhereItBelongs() throws SQLException {
        String before = client.shardOf(Orders.key(1));
        shards.guard(2, List.of("s1", "s0"));
        int refused = runs.get();
        client.inTransaction(Orders.key(1), connection -> {
            if (runs.incrementAndGet() == 2) {
                // The router hears of it only now, after a first refusal.
                shards.tell();
            }
            Orders.insert(connection, 1, "n");
            return 0;
        });
        assertThat(runs.get() - refused).isBetween(2, 4);
        String after = client.shardOf(Orders.key(1));
        assertThat(after).isNotEqualTo(before);
        assertThat(shards.notes(after, 1)).containsExactly("n");
        assertThat(shards.notes(before, 1)).isEmpty();
    }

    @Test
    void workThatUsesAnotherKeyThanItWasGivenForIsToldSoSoon() throws SQLException {
        String shard = client.shardOf(Orders.key(1));
        long elsewhere = 2;
        while (client.shardOf(Orders.key(elsewhere)).equals(shard)) {
            elsewhere++;
        }
        long other = elsewhere;
        assertThatThrownBy(() -> client.inTransaction(Orders.key(1), connection -> {
                    Orders.insert(connection, other, "n");
                    return 0;
                }))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("another key")
                .satisfies(e -> assertThat(((SQLException) e).getSQLState()).isEqualTo("MO001"));
    }

    /** With pauses that grow as those for a server that is away, it would be tried for six seconds. */
    @Test
    void whoeverWritesAKeyThatChangesHandsAsksAgainSoon() throws SQLException {
        long began = System.nanoTime();
        client.inTransaction(Orders.key(1), connection -> {
            if (runs.incrementAndGet() <= 30) {
                throw new SQLException("the shard does not take the key while keys are moving", "MO001");
            }
            return 0;
        });
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(3));
    }

    @Test
    void aConnectionLostBeforeTheCommitIsDoneAgain() throws SQLException {
        client.inTransaction(Orders.key(1), connection -> {
            Orders.insert(connection, 1, "n" + runs.incrementAndGet());
            if (runs.get() < 3) {
                Orders.run(connection, DIE);
            }
            return 0;
        });
        assertThat(shards.notes(client.shardOf(Orders.key(1)), 1)).containsExactly("n3");
    }

    @Test
    void aFailureThatALibraryHasWrappedIsDoneAgainToo() throws SQLException {
        client.inTransaction(Orders.key(1), connection -> {
            try {
                if (runs.incrementAndGet() == 1) {
                    Orders.run(connection, DIE);
                }
            } catch (SQLException e) {
                throw new IllegalStateException("data access failed", e);
            }
            return 0;
        });
        assertThat(runs).hasValue(2);
    }

    @Test
    void anErrorOfTheWorkRollsBackAndIsPassedOn() throws SQLException {
        assertThatThrownBy(() -> client.inTransaction(Orders.key(1), connection -> {
                    runs.incrementAndGet();
                    Orders.insert(connection, 1, "n");
                    throw new IllegalStateException("changed its mind");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(runs).hasValue(1);
        assertThat(shards.notes(client.shardOf(Orders.key(1)), 1)).isEmpty();
    }

    @Test
    void workCannotEndItsTransaction() {
        for (SqlWork<Integer> ending : List.<SqlWork<Integer>>of(
                connection -> {
                    connection.commit();
                    return 0;
                },
                connection -> {
                    connection.rollback();
                    return 0;
                },
                connection -> {
                    connection.setAutoCommit(true);
                    return 0;
                },
                connection -> {
                    connection.close();
                    return 0;
                })) {
            assertThatThrownBy(() -> client.inTransaction(Orders.key(1), ending))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("is not for the work of a transaction");
        }
    }

    @Test
    void aTransactionThatTheWorkMadeReadOnlyIsNoReasonToLookForAnotherServer() {
        assertThatThrownBy(() -> client.inTransaction(Orders.key(1), connection -> {
                    runs.incrementAndGet();
                    Orders.run(connection, "SET TRANSACTION READ ONLY");
                    Orders.insert(connection, 1, "n");
                    return 0;
                }))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("made read only");
        assertThat(runs).hasValue(1);
    }

    @Test
    void waitsForAPrimary() throws Exception {
        shards.tell(List.of());
        Thread failover = Thread.ofVirtual().start(() -> {
            await().until(() -> shards.router().requests("/v1/shards").size() >= 4);
            shards.tell();
        });
        client.inTransaction(Orders.key(1), connection -> {
            Orders.insert(connection, 1, "n");
            return 0;
        });
        assertThat(failover.join(Duration.ofSeconds(20))).isTrue();
        assertThat(shards.notes(client.shardOf(Orders.key(1)), 1)).containsExactly("n");
    }

    @Test
    void saysWhyThereIsNoPrimaryWhenTheTimeIsOver() {
        shards.tell(List.of());
        try (MosaicClient hasty = hasty()) {
            assertThatThrownBy(() -> hasty.inTransaction(Orders.key(1), Orders::database))
                    .isInstanceOf(ShardUnavailableException.class)
                    .hasMessageContaining("a failover");
        }
    }

    @Test
    void aServerOfAnotherShardOrOfAFormerTermIsNotUsed() throws SQLException {
        shards.run("s0", "ALTER DATABASE " + shards.database("s0") + " SET mosaic.shard = 'other'");
        shards.run("s1", "ALTER DATABASE " + shards.database("s1") + " SET mosaic.term = '0'");
        try (MosaicClient hasty = hasty()) {
            long one = customerOf("s0");
            long other = customerOf("s1");
            assertThatThrownBy(() -> hasty.inTransaction(Orders.key(one), Orders::database))
                    .hasMessageContaining("is one of shard other");
            assertThatThrownBy(() -> hasty.inTransaction(Orders.key(other), Orders::database))
                    .hasMessageContaining("still in term 0");
        }
    }

    @Test
    void aConnectionFromBeforeAFailoverIsAskedAgain() throws SQLException {
        client.inTransaction(Orders.key(1), Orders::database);
        shards.term(2);
        shards.tell();
        client.refresh();
        client.inTransaction(Orders.key(1), connection -> {
            Orders.insert(connection, 1, "n");
            return 0;
        });
        assertThat(shards.notes(client.shardOf(Orders.key(1)), 1)).containsExactly("n");
    }
}
