package io.pgmosaic.operator.split.copy;

import io.pgmosaic.operator.database.DatabaseServer;
import io.pgmosaic.operator.split.MovingTable;
import io.pgmosaic.operator.split.ShardDatabase;
import io.pgmosaic.operator.split.plan.StreamFacts;
import io.pgmosaic.operator.split.schema.DdlRefusal;
import io.pgmosaic.operator.split.stream.Leftovers;
import io.pgmosaic.operator.split.stream.Sequences;
import io.pgmosaic.operator.split.stream.SplitStream;
import io.pgmosaic.operator.split.stream.StreamState;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

import static io.pgmosaic.operator.split.copy.TwoDatabases.NAMES;
import static io.pgmosaic.operator.split.copy.TwoDatabases.even;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@Timeout(120)
class SplitStreamTest {
    private static final MovingTable ITEMS = even("public", "items");
    private static TwoDatabases both;

    @BeforeAll
    static void open() throws Exception {
        both = new TwoDatabases();
    }

    @AfterAll
    static void close() {
        both.close();
    }

    @AfterEach
    void clean() throws SQLException {
        both.clean();
    }

    private static SplitStream flowing() throws Exception {
        both.make("CREATE TABLE items (id bigint PRIMARY KEY, t text)");
        both.source.execute("INSERT INTO items SELECT g, 'old' FROM generate_series(1, 10) g");
        both.copy(ITEMS);
        SplitStream stream = both.forward(ITEMS);
        for (int i = 0; i < 2; i++) {
            stream.subscribe();
            stream.enable();
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> stream.state().isFlowing());
        return stream;
    }

    private static StreamState.Subscription subscription(SplitStream stream) throws SQLException {
        return Objects.requireNonNull(stream.state().subscription());
    }

    @Test
    void bringsWhatMovesAndStopsAndGoesOn() throws Exception {
        SplitStream stream = flowing();
        both.source.execute("INSERT INTO items VALUES (12, 'new'), (13, 'new'); UPDATE items SET t = 'x' WHERE id < 6;"
                + " DELETE FROM items WHERE id IN (6, 7); UPDATE items SET id = id + 100 WHERE id = 8");
        both.awaitSame("items");
        assertThat(both.target.value("SELECT count(*) FROM items WHERE id % 2 = 1"))
                .isEqualTo("0");
        assertThat(stream.state().subscription()).isNotNull().satisfies(subscription -> {
            assertThat(subscription.tables()).isEqualTo(1);
            assertThat(subscription.applied()).isNotNull();
            assertThat(subscription.errors()).isZero();
        });
        stream.disable();
        both.source.execute("INSERT INTO items VALUES (20, 'while it stood')");
        await().atMost(Duration.ofSeconds(20)).until(() -> !stream.state().isFlowing());
        assertThat(stream.state().facts().lagBytes()).isPositive();
        stream.enable();
        both.awaitSame("items");
        stream.drop();
        stream.drop();
        assertThat(stream.state().facts()).isEqualTo(StreamFacts.none());
    }

    /** What the target accepts after the cut-over comes back, and what came from the source does not. */
    @Test
    void comesBackFromTheMomentTheWayBackWasMade() throws Exception {
        SplitStream forward = flowing();
        SplitStream back = new SplitStream(NAMES.reverse(), both.to(), both.from(), List.of(ITEMS), List.of());
        back.publish();
        back.keepChanges();
        back.keepChanges();
        back.subscribe();
        both.source.execute("INSERT INTO items VALUES (30, 'of the source')");
        both.awaitSame("items");
        forward.disable();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> !subscription(forward).isWorking());
        back.skipToPresent();
        forward.dropAtReceiver();
        back.enable();
        both.source.execute("UPDATE items SET t = 'would be overwritten' WHERE id = 30");
        both.target.execute("INSERT INTO items VALUES (32, 'of the target'); DELETE FROM items WHERE id = 2");
        await().atMost(Duration.ofSeconds(20))
                .until(() ->
                        both.source.value("SELECT t FROM items WHERE id = 32").equals("of the target"));
        assertThat(both.source.value("SELECT count(*) FROM items WHERE id = 2")).isEqualTo("0");
        assertThat(both.source.value("SELECT t FROM items WHERE id = 30")).isEqualTo("would be overwritten");
        assertThat(both.source.value("SELECT count(*) FROM items WHERE id % 2 = 1"))
                .isEqualTo("5");
    }

    /** It keeps log for as long as the comparison takes, and a server keeps so much at most. */
    @Test
    void aWayBackThatHasLostItsLogIsMadeAnew() throws Exception {
        both.make("CREATE TABLE items (id bigint PRIMARY KEY, t text)");
        SplitStream back = new SplitStream(NAMES.reverse(), both.to(), both.from(), List.of(ITEMS), List.of());
        back.publish();
        back.keepChanges();
        back.dropLostSlot();
        assertThat(back.state().facts().hasSlot())
                .as("one that has lost nothing")
                .isTrue();
        both.target.execute("ALTER SYSTEM SET max_slot_wal_keep_size = 0");
        try {
            both.target.execute("SELECT pg_reload_conf()");
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                both.target.execute(
                        "INSERT INTO items VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET t = items.t || 'x'");
                both.target.execute("SELECT pg_switch_wal()");
                both.target.execute("CHECKPOINT");
                return back.state().facts().isLost();
            });
            back.keepChanges();
            assertThat(back.state().facts().isLost()).isTrue();
            back.dropLostSlot();
        } finally {
            both.target.execute("ALTER SYSTEM RESET max_slot_wal_keep_size");
            both.target.execute("SELECT pg_reload_conf()");
        }
        back.publish();
        back.keepChanges();
        assertThat(back.state().facts()).returns(true, StreamFacts::hasSlot).returns(false, StreamFacts::isLost);
    }

    /** A clone has what its log has; the slot was there before, and would send it once more. */
    @Test
    void beginsAtAPositionAlsoAfterTheSlotHasForgottenHowFarItWas() throws Exception {
        both.make("CREATE TABLE items (id bigint PRIMARY KEY, t text)");
        SplitStream stream = both.forward(ITEMS);
        stream.publish();
        stream.keepChanges();
        both.source.execute("INSERT INTO items VALUES (2, 'in the clone')");
        String left = both.source.value("SELECT pg_current_wal_insert_lsn()");
        both.source.execute("INSERT INTO items VALUES (4, 'after it')");
        for (int i = 0; i < 2; i++) {
            stream.subscribe(left);
            stream.enable();
        }
        await().atMost(Duration.ofSeconds(20))
                .until(() ->
                        both.target.value("SELECT t FROM items WHERE id = 4").equals("after it"));
        assertThat(both.target.value("SELECT string_agg(id::text, ' ') FROM items"))
                .isEqualTo("4");
    }

    @Test
    void tellsOfASlotThatIsLostAndOfErrors() throws Exception {
        SplitStream stream = flowing();
        both.target.execute("INSERT INTO items VALUES (40, 'in the way')");
        both.source.execute("INSERT INTO items VALUES (40, 'comes')");
        await().atMost(Duration.ofSeconds(20)).until(() -> subscription(stream).errors() > 0);
        both.target.execute("DELETE FROM items WHERE id = 40");
        both.awaitSame("items");
        stream.dropAtSender();
        StreamState state = stream.state();
        assertThat(state.slot()).isNull();
        await().atMost(Duration.ofSeconds(20)).until(() -> !stream.state().isFlowing());
        assertThat(stream.state().facts().trouble()).contains("no replication slot");
    }

    @Test
    void leavesNothingBehindAlsoWhenTheOtherSideIsGone() throws Exception {
        SplitStream stream = flowing();
        DdlRefusal.begin(both.from(), NAMES, "halve-s0", List.of(ITEMS));
        assertThat(Leftovers.find(both.from()))
                .extracting(Leftovers.Leftover::kind)
                .containsOnly(
                        Leftovers.Kind.SLOT,
                        Leftovers.Kind.PUBLICATION,
                        Leftovers.Kind.EVENT_TRIGGER,
                        Leftovers.Kind.TRIGGER,
                        Leftovers.Kind.RECORD);
        ShardDatabase nowhere = new ShardDatabase(
                "s0",
                new DatabaseServer(
                        "orders-s0-0", 3, "127.0.0.1", 9, both.from().server().authorityPem()),
                "shop",
                "owner",
                both.from().passwords());
        SplitStream halfGone = new SplitStream(NAMES.forward(), nowhere, both.to(), List.of(ITEMS), List.of());
        halfGone.followSender();
        halfGone.dropAtReceiver();
        assertThat(stream.state().subscription()).isNull();
        Leftovers.drop(both.from(), NAMES);
        Leftovers.drop(both.to(), NAMES);
        assertThat(Leftovers.find(both.from())).isEmpty();
        assertThat(Leftovers.find(both.to())).isEmpty();
        assertThat(both.target.value("SELECT count(*) FROM pg_replication_origin"))
                .isEqualTo("0");
    }

    @Test
    void numbersGoOnAndNeverBack() throws Exception {
        both.make("CREATE SEQUENCE up; CREATE SEQUENCE down INCREMENT -2 MAXVALUE -1 MINVALUE -1000;"
                + " CREATE SEQUENCE fresh; CREATE TABLE \"Odd one\" (id bigserial)");
        both.source.execute(
                "SELECT setval('up', 70), setval('down', -31);"
                        + " SELECT nextval('\"Odd one_id_seq\"') FROM generate_series(1, 5); CREATE SEQUENCE only_here; SELECT nextval('only_here')");
        both.target.execute("SELECT setval('up', 90), setval('down', -11)");
        assertThat(Sequences.carryOver(both.from(), both.to())).isEqualTo(3);
        assertThat(Sequences.carryOver(both.from(), both.to())).isEqualTo(3);
        assertThat(both.target.value("SELECT concat_ws(' ', nextval('up'), nextval('down'), nextval('fresh'),"
                        + " nextval('\"Odd one_id_seq\"'))"))
                .isEqualTo("91 -33 1 6");
    }
}
