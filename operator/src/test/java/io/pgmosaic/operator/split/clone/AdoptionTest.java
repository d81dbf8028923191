package io.pgmosaic.operator.split.clone;

import io.pgmosaic.operator.split.MovingTable;
import io.pgmosaic.operator.split.ShardDatabase;
import io.pgmosaic.operator.split.SplitNames;
import io.pgmosaic.operator.split.SplitServer;
import io.pgmosaic.operator.split.schema.DdlRefusal;
import io.pgmosaic.operator.split.schema.SplitBookkeeping;
import io.pgmosaic.operator.split.stream.Leftovers;
import io.pgmosaic.operator.split.stream.SplitStream;
import io.pgmosaic.operator.split.verify.VerificationSchema;
import io.pgmosaic.routing.guard.Guard;
import io.pgmosaic.routing.guard.GuardChange;
import io.pgmosaic.routing.guard.GuardChange.Guarded;
import io.pgmosaic.routing.guard.GuardedTable;
import io.pgmosaic.routing.guard.SqlText;
import io.pgmosaic.routing.key.KeyColumn;
import io.pgmosaic.routing.key.KeySchema;
import io.pgmosaic.routing.key.KeyType;
import io.pgmosaic.routing.map.HashRanges;
import io.pgmosaic.routing.map.ShardMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** A database that is shard s0 to the last row becomes that of shard s2. */
@Timeout(120)
class AdoptionTest {
    private static final long VERSION = 7;
    private static final ShardMap MAP = ShardMap.of(VERSION, HashRanges.even(List.of("s0", "s1")));
    private static final GuardedTable ORDERS =
            new GuardedTable("public", "orders", KeySchema.of(new KeyColumn("id", KeyType.BIGINT)));
    private static final MovingTable MOVING = MovingTable.reference("public", "orders");
    private static final String UID = "7f3a2b1c-0000-4000-8000-1234567890ab";
    private static final SplitNames NAMES = new SplitNames(UID, 0);
    private static final SplitNames SIBLING = new SplitNames(UID, 1);
    private static final String CLAIM = "UPDATE mosaic.shard_map SET shard = '%s', frozen_version = %s";

    private static SplitServer source;
    private static SplitServer clone;

    @BeforeAll
    static void open() throws Exception {
        List<SplitServer> both = SplitServer.two();
        source = both.get(0);
        clone = both.get(1);
        for (SplitServer server : both) {
            server.asOwner("CREATE TABLE orders (id bigint PRIMARY KEY)");
            SplitBookkeeping.ensure(server.database());
            server.execute(VerificationSchema.create());
        }
    }

    @AfterAll
    static void close() {
        clone.close();
        source.close();
    }

    /** All that is found on a clone, in the source's name. */
    @BeforeEach
    void copyTheSource() throws SQLException {
        Leftovers.drop(clone.database(), NAMES);
        Leftovers.drop(clone.database(), SIBLING);
        clone.execute(CLAIM.formatted("s0", "NULL") + "; DELETE FROM mosaic.guard; DELETE FROM mosaic.copied_schema");
        clone.execute(new GuardChange("s0", VERSION, 1_000).install(List.of(new Guarded(ORDERS, Guard.of(MAP, "s0")))));
        for (SplitNames names : List.of(NAMES, SIBLING)) {
            DdlRefusal.begin(clone.database(), names, "halve", List.of(MOVING));
            ShardDatabase database = clone.database();
            new SplitStream(names.forward(), database, database, List.of(MOVING), List.of()).publish();
        }
        clone.execute(CLAIM.formatted("s0", VERSION));
        history("2 0/900 failover", "3 0/1A2B3C no recovery target specified");
    }

    /** As a promotion leaves it; a server that was never promoted has none. */
    private static void history(String... lines) throws SQLException {
        String values = Arrays.stream(lines)
                .map(line -> "(" + SqlText.literal(line) + ")")
                .collect(Collectors.joining(", "));
        clone.execute("COPY (VALUES " + values + ") TO PROGRAM 'cat > pg_wal/00000001.history'");
    }

    private static Adoption.Order order(long sourceTerm) {
        return new Adoption.Order(
                NAMES, "halve", sourceTerm, VERSION, List.of(new Guarded(ORDERS, Guard.ofOutsider(MAP, "s2"))));
    }

    @Test
    void theDatabaseIsThatOfAnotherShardAndOwnsNothing() throws SQLException {
        Adoption.run(clone.database(), order(3));
        Adoption.run(clone.database(), order(9));
        assertThat(clone.value("SELECT concat_ws(' ', shard, version, frozen_version) FROM mosaic.shard_map"))
                .isEqualTo("s2 7");
        assertThat(clone.value("SELECT string_agg(concat_ws(' ', stem, split, copy_position, copy_source_term,"
                        + " copy_target_term, copied_at), ';') FROM mosaic.moving"))
                .isEqualTo(NAMES.stem() + " halve 0/1A2B3C 3 3");
        assertThat(clone.value("SELECT string_agg(section, ' ' ORDER BY section) FROM mosaic.copied_schema"))
                .isEqualTo("post-data pre-data");
        assertThat(Leftovers.find(clone.database()))
                .extracting(Leftovers.Leftover::kind)
                .containsExactlyInAnyOrder(
                        Leftovers.Kind.EVENT_TRIGGER,
                        Leftovers.Kind.EVENT_TRIGGER,
                        Leftovers.Kind.TRIGGER,
                        Leftovers.Kind.RECORD);
        for (int id = 1; id < 20; id++) {
            String insert = "INSERT INTO orders VALUES (" + id + ")";
            assertThatThrownBy(() -> clone.asOwner(insert))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("MO001"));
        }
    }

    /** It would hold its locks for ever. */
    @Test
    void whatTheSourceHasPreparedIsRolledBack() throws SQLException {
        clone.asOwner("BEGIN; LOCK TABLE orders; PREPARE TRANSACTION 'of the source'");
        Adoption.run(clone.database(), order(3));
        assertThat(clone.value("SELECT count(*) FROM pg_prepared_xacts")).isEqualTo("0");
    }

    @Test
    void anOlderMapChangesNothing() throws SQLException {
        clone.execute("UPDATE mosaic.shard_map SET version = 8");
        assertThatThrownBy(() -> Adoption.run(clone.database(), order(3)))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("MO002"));
        assertThat(clone.value("SELECT shard FROM mosaic.shard_map")).isEqualTo("s0");
        assertThat(clone.value("SELECT count(*) FROM mosaic.moving")).isEqualTo("2");
        clone.execute("UPDATE mosaic.shard_map SET version = 7");
    }

    @Test
    void aLogThatDidNotComeFromThatTermIsNotContinued() throws SQLException {
        Adoption.run(clone.database(), order(4));
        PrunedClone pruned = PrunedClone.find(clone.database(), NAMES);
        assertThat(pruned.position()).isEqualTo("0/0");
        assertThat(pruned.isContinuedBy(source.database(), NAMES)).isFalse();
        pruned.giveUp(clone.database(), NAMES);
        assertThatThrownBy(() -> PrunedClone.find(clone.database(), NAMES)).isInstanceOf(SQLException.class);
    }

    @Test
    void onlyASlotFromBeforeTheEndOfTheClonesLogContinuesIt() throws SQLException {
        String before = source.value("SELECT pg_current_wal_lsn() - 1");
        ShardDatabase database = source.database();
        SplitStream stream = new SplitStream(NAMES.forward(), database, database, List.of(MOVING), List.of());
        stream.publish();
        stream.keepChanges();
        try {
            history("3 " + source.value("SELECT pg_current_wal_lsn()") + " promoted");
            Adoption.run(clone.database(), order(3));
            PrunedClone pruned = PrunedClone.find(clone.database(), NAMES);
            assertThat(pruned.isContinuedBy(database, NAMES)).isTrue();
            assertThat(pruned.isContinuedBy(database, SIBLING)).isFalse();
            assertThat(new PrunedClone(pruned.began(), before, 3).isContinuedBy(database, NAMES))
                    .isFalse();
            assertThat(new PrunedClone(pruned.began(), pruned.position(), 2).isContinuedBy(database, NAMES))
                    .isFalse();
            pruned.end(clone.database(), NAMES);
            assertThat(clone.value("SELECT copied_at IS NOT NULL FROM mosaic.moving"))
                    .isEqualTo("t");
            pruned.giveUp(clone.database(), NAMES);
            assertThat(clone.value("SELECT copy_position IS NOT NULL FROM mosaic.moving"))
                    .isEqualTo("t");
        } finally {
            stream.dropAtSender();
        }
    }

    /** Another operator has begun to copy the rows one by one. */
    @Test
    void aLaterCopyIsNotEnded() throws SQLException {
        Adoption.run(clone.database(), order(3));
        PrunedClone pruned = PrunedClone.find(clone.database(), NAMES);
        try (Connection session = clone.connect();
                Statement statement = session.createStatement()) {
            statement.execute("SELECT mosaic.begin_copy('" + NAMES.stem() + "', 'halve', 7)");
        }
        assertThatThrownBy(() -> pruned.end(clone.database(), NAMES))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("MO006"));
    }
}
