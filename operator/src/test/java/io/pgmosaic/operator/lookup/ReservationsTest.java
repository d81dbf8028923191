package io.pgmosaic.operator.lookup;

import io.pgmosaic.routing.guard.LookupSchema;
import io.pgmosaic.routing.map.HashRanges;
import io.pgmosaic.routing.map.ShardMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ReservationsTest {
    private static final Duration AT_ONCE = Duration.ZERO;
    private static final String VALUE = TwoShards.value("s0", 0);

    private TwoShards shards;
    private Reservations reservations;
    private long key;

    @BeforeEach
    void create() throws SQLException {
        shards = new TwoShards(TwoShards.ENTRIES);
        reservations = shards.reservations();
        key = shards.key("s1", 0);
    }

    private String reserved() throws SQLException {
        assertThat(shards.reserve(VALUE, Long.toString(key), "s1")).isTrue();
        return shards.ticket(VALUE, key, "s1");
    }

    private void refuses(String ticket) {
        assertThatThrownBy(() -> shards.insert("s1", key, VALUE, ticket))
                .isInstanceOfSatisfying(SQLException.class, refused -> assertThat(refused.getSQLState())
                        .isEqualTo(LookupSchema.NOT_RESERVED));
    }

    @Test
    void whatIsUsedStays() throws SQLException {
        shards.insert("s1", key, VALUE, reserved());
        assertThat(reservations.settle("s0", AT_ONCE).removed()).isZero();
        assertThat(reservations.release("s1")).isZero();
        assertThat(shards.find(VALUE)).isEqualTo(Long.toString(key));
        assertThat(shards.one("s0", "SELECT settled FROM mosaic.lookup_entries"))
                .isEqualTo("t");
    }

    @Test
    void whatNobodyUsedIsFreeAndCannotBeUsedLater() throws SQLException {
        String ticket = reserved();
        assertThat(reservations.settle("s0", Reservations.UNUSED_AFTER).removed())
                .as("too young")
                .isZero();
        assertThat(reservations.settle("s0", AT_ONCE).removed()).isOne();
        assertThat(shards.find(VALUE)).isEmpty();
        refuses(ticket);
        long other = shards.key("s0", 0);
        assertThat(shards.reserve(VALUE, Long.toString(other), "s0")).isTrue();
        shards.insert("s0", other, VALUE, shards.ticket(VALUE, other, "s0"));
        refuses(ticket);
        assertThat(shards.find(VALUE)).isEqualTo(Long.toString(other));
    }

    @Test
    void thereMayBeMoreThanIsLookedAtTogether() throws SQLException {
        int many = Reservations.AT_ONCE + 200;
        shards.execute(
                "s1",
                "INSERT INTO mosaic.lookup_held SELECT 'by-email', '" + VALUE + "', n::text, n, 'v',"
                        + " now() - interval '2 days' FROM generate_series(1, " + many + ") AS n");
        reservations.release("s1");
        assertThat(shards.one("s1", "SELECT count(*) FROM mosaic.lookup_held")).isEqualTo("200");
        reservations.release("s1");
        assertThat(shards.one("s1", "SELECT count(*) FROM mosaic.lookup_held")).isEqualTo("0");
    }

    @Test
    void aRowThatIsGoneFreesItsValue() throws SQLException {
        String ticket = reserved();
        shards.insert("s1", key, VALUE, ticket);
        reservations.settle("s0", AT_ONCE);
        shards.execute("s1", "DELETE FROM users");
        assertThat(shards.reserve(VALUE, "7777", "s0"))
                .as("not before that was seen")
                .isFalse();
        assertThat(reservations.release("s1")).isOne();
        assertThat(shards.find(VALUE)).isEmpty();
        refuses(ticket);
        assertThat(reservations.release("s1")).isZero();
    }

    @Test
    void aReservationThatWasRenewedAfterTheRowWasGoneStays() throws SQLException {
        shards.insert("s1", key, VALUE, reserved());
        shards.execute("s1", "DELETE FROM users");
        String renewed = reserved();
        assertThat(reservations.release("s1")).isOne();
        assertThat(shards.find(VALUE)).isEqualTo(Long.toString(key));
        shards.insert("s1", key, VALUE, renewed);
        reservations.release("s1");
        reservations.settle("s0", AT_ONCE);
        assertThat(shards.find(VALUE)).isEqualTo(Long.toString(key));
    }

    @Test
    void aReservationThatWasRenewedOverARowGoesWithTheRow() throws SQLException {
        shards.insert("s1", key, VALUE, reserved());
        reserved();
        assertThat(reservations.settle("s0", AT_ONCE).removed()).isZero();
        shards.execute("s1", "DELETE FROM users");
        assertThat(reservations.release("s1")).isOne();
        assertThat(shards.find(VALUE)).isEmpty();
    }

    /** The upkeep is cut off between the two shards at either end. */
    @Test
    void whatWasCutOffIsEndedByTheNext() throws SQLException {
        String ticket = reserved();
        String settled = "INSERT INTO mosaic.lookup_held SELECT 'by-email', '" + VALUE + "', '" + key
                + "', 9223372036854775807, 'v', now()";
        shards.execute("s1", settled);
        refuses(ticket);
        assertThat(reservations.settle("s0", AT_ONCE).removed()).isOne();
        assertThat(shards.find(VALUE)).isEmpty();
        shards.execute("s1", "UPDATE mosaic.lookup_held SET state = 'f'");
        assertThat(reservations.release("s1")).as("the entry is gone already").isOne();
        assertThat(shards.one("s1", "SELECT state FROM mosaic.lookup_held")).isEqualTo("v");
    }

    @Test
    void aRowThatIsBeingWrittenIsWaitedFor() throws SQLException {
        String ticket = reserved();
        try (Connection writer = shards.connect("s1");
                Statement statement = writer.createStatement()) {
            writer.setAutoCommit(false);
            statement.execute("SET LOCAL mosaic.tickets = '" + ticket + "'");
            statement.execute("INSERT INTO users VALUES (" + key + ", '" + VALUE + "')");
            assertThatThrownBy(() -> reservations.settle("s0", AT_ONCE).removed())
                    .isInstanceOfSatisfying(SQLException.class, waited -> assertThat(waited.getSQLState())
                            .isEqualTo("55P03"));
            writer.commit();
        }
        assertThat(reservations.settle("s0", AT_ONCE).removed()).isZero();
        assertThat(shards.find(VALUE)).isEqualTo(Long.toString(key));
    }

    @Test
    void whatIsNoKeyBlocksAValueForAWhileOnly() throws SQLException {
        assertThat(shards.reserve(VALUE, "no number", "s1")).isTrue();
        assertThat(reservations.settle("s0", AT_ONCE).removed()).isOne();
        assertThat(shards.find(VALUE)).isEmpty();
    }

    @Test
    void aKeyThatTheDirectoryMovedIsLookedForWhereItIs() throws SQLException {
        TwoShards moved = new TwoShards(
                ShardMap.of(1, HashRanges.even(List.of("s0", "s1"))).withDirectory());
        long tenant = moved.key("s0", 0);
        moved.execute("s0", "INSERT INTO mosaic.directory VALUES ('', '', '" + tenant + "', 's1', 2, 'a')");
        moved.execute("s1", "INSERT INTO mosaic.directory VALUES ('', '', '" + tenant + "', 's0', 2, 'm')");
        // Whoever reserved it meant the wrong shard the second time.
        assertThat(moved.reserve(VALUE, Long.toString(tenant), "s1")).isTrue();
        String ticket = moved.ticket(VALUE, tenant, "s1");
        assertThat(moved.reserve(VALUE, Long.toString(tenant), "s0")).isTrue();
        moved.insert("s1", tenant, VALUE, ticket);
        assertThat(moved.reservations().settle("s0", AT_ONCE).removed()).isZero();
        assertThat(moved.find(VALUE)).isEqualTo(Long.toString(tenant));
    }

    @Test
    void aKeyThatNobodyHasAtTheMomentIsLeftForLater() throws SQLException {
        TwoShards moving = new TwoShards(
                ShardMap.of(1, HashRanges.even(List.of("s0", "s1"))).withDirectory());
        long tenant = moving.key("s0", 0);
        moving.reserve(VALUE, Long.toString(tenant), "s0");
        moving.execute("s0", "INSERT INTO mosaic.directory VALUES ('', '', '" + tenant + "', 's1', 2, 'p')");
        assertThat(moving.reservations().settle("s0", AT_ONCE).removed()).isZero();
        assertThat(moving.find(VALUE)).isEqualTo(Long.toString(tenant));
    }
}
