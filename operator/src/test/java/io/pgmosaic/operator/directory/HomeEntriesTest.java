package io.pgmosaic.operator.directory;

import io.pgmosaic.routing.guard.DirectorySchema;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class HomeEntriesTest {
    private static final Duration PATIENCE = Duration.ofMillis(200);
    private static final Tenant TENANT = TwoShards.tenant(7);
    private static final String HOME = TENANT.home();
    private static final String OTHER = TwoShards.other(HOME);
    private static final String INSERT = "INSERT INTO things (tenant) VALUES (7)";

    private TwoShards shards;

    @BeforeEach
    void create() throws SQLException {
        shards = new TwoShards();
    }

    private HomeEntries entries(HomeEntries.Between between) {
        return new HomeEntries(shards, TwoShards.TABLES, HOME, PATIENCE, between);
    }

    private Outcome give() throws SQLException {
        return only(entries(HomeEntries.NOTHING).give(List.of(TENANT), OTHER));
    }

    private Outcome takeBack() throws SQLException {
        return only(entries(HomeEntries.NOTHING).takeBack(List.of(TENANT)));
    }

    private int finish(String shard) throws SQLException {
        return new LeftChanges(shards, Map.of("", TwoShards.TABLES), PATIENCE).finish(shard);
    }

    private static Outcome only(Map<Tenant, Outcome> outcomes) {
        assertThat(outcomes).hasSize(1);
        return outcomes.values().iterator().next();
    }

    private String refusal(String shard) {
        return catchThrowableOfType(SQLException.class, () -> shards.execute(shard, INSERT))
                .getSQLState();
    }

    @Test
    void aKeyIsOfOneShardBeforeAndAfter() throws SQLException {
        assertThat(refusal(OTHER)).isEqualTo("MO001");
        assertThat(give()).isEqualTo(Outcome.done());
        assertThat(give()).isEqualTo(Outcome.unchanged());
        assertThat(refusal(HOME)).isEqualTo("MO001");
        shards.execute(OTHER, INSERT);
        assertThat(takeBack().detail()).contains("shard " + OTHER + " has rows of the key in table public.things");
        shards.execute(OTHER, "UPDATE things SET id = id + 1", "DELETE FROM things WHERE tenant = 7");
        assertThat(takeBack()).isEqualTo(Outcome.done());
        assertThat(takeBack()).isEqualTo(Outcome.unchanged());
        assertThat(refusal(OTHER)).isEqualTo("MO001");
        shards.execute(HOME, INSERT);
        assertThat(give().state()).isEqualTo(Outcome.State.REFUSED);
        assertThat(shards.one(HOME, "SELECT count(*) FROM mosaic.directory")).isEqualTo("0");
    }

    @Test
    void aTransactionThatMayHaveWrittenIsWaitedForAndNamed() throws SQLException {
        try (Connection slow = shards.connect(HOME);
                Statement statement = slow.createStatement()) {
            slow.setAutoCommit(false);
            statement.execute(INSERT);
            Outcome outcome = give();
            assertThat(outcome.state()).isEqualTo(Outcome.State.BUSY);
            assertThat(outcome.detail()).contains("process ", " of postgres, whose transaction began");
            statement.execute(INSERT);
            slow.rollback();
        }
        assertThat(give()).isEqualTo(Outcome.done());
    }

    /** A snapshot knows no transaction that began after the last one that is over. */
    @Test
    void aTransactionThatBeganWhileTheEntryWasWrittenIsWaitedFor() throws SQLException {
        try (Connection change = shards.connect(HOME);
                Connection writer = shards.connect(HOME);
                Statement changing = change.createStatement();
                Statement writing = writer.createStatement()) {
            change.setAutoCommit(false);
            writer.setAutoCommit(false);
            changing.execute("SELECT pg_current_xact_id()");
            writing.execute(INSERT);
            change.commit();
            change.setAutoCommit(true);
            assertThat(EarlierTransactions.await(change, PATIENCE)).contains("process ");
            writer.commit();
            assertThat(EarlierTransactions.await(change, PATIENCE)).isEmpty();
        }
    }

    /** Guards that look into the directory run as a superuser. */
    @Test
    void theGuardRunsNothingOfWhoeverWrites() throws SQLException {
        assertThat(give()).isEqualTo(Outcome.done());
        try (Connection writer = shards.connect(OTHER);
                Statement statement = writer.createStatement()) {
            statement.execute("""
                    CREATE SCHEMA evil;
                    CREATE TABLE evil.calls (by text);
                    CREATE FUNCTION evil.same(a bigint, b bigint) RETURNS boolean LANGUAGE plpgsql AS $$
                      BEGIN INSERT INTO evil.calls VALUES (current_user); RETURN a OPERATOR(pg_catalog.=) b; END $$;
                    CREATE FUNCTION evil.differ(a bigint, b bigint) RETURNS boolean LANGUAGE plpgsql AS $$
                      BEGIN INSERT INTO evil.calls VALUES (current_user); RETURN a OPERATOR(pg_catalog.<>) b; END $$;
                    CREATE OPERATOR evil.= (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = evil.same);
                    CREATE OPERATOR evil.<> (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = evil.differ);
                    SET search_path = evil, pg_catalog, public
                    """);
            writer.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            writer.setAutoCommit(false);
            statement.execute("INSERT INTO public.things (tenant) VALUES (7)");
            writer.commit();
        }
        assertThat(shards.one(OTHER, "SELECT count(*) FROM evil.calls")).isEqualTo("0");
    }

    /** It was seen before the lock was had; by then another change of the key is under way. */
    @Test
    void whatWasSeenBeforeTheLockIsNotTakenForWhatIs() throws SQLException {
        assertThat(give()).isEqualTo(Outcome.done());
        assertThatThrownBy(() -> entries(killedAfter("returning")).takeBack(List.of(TENANT)))
                .hasMessage("killed");
        assertThat(entries(HomeEntries.NOTHING).finish(List.of(TENANT), HOME, DirectorySchema.RETURNING))
                .isEmpty();
        assertThat(shards.one(HOME, "SELECT state FROM mosaic.directory")).isEqualTo(DirectorySchema.RETURNING);
        assertThat(refusal(HOME)).isEqualTo("MO001");
        assertThat(finish(HOME)).isEqualTo(1);
        shards.execute(HOME, INSERT);
    }

    @Test
    void nothingChangesWhileATableIsGuardedOfWhichThisOperatorHasNotHeard() throws SQLException {
        shards.addTable(HOME, "more");
        Outcome outcome = give();
        assertThat(outcome.state()).isEqualTo(Outcome.State.BUSY);
        assertThat(outcome.detail()).contains("table public.more of shard " + HOME + " was added");
        assertThat(shards.one(HOME, "SELECT count(*) FROM mosaic.directory")).isEqualTo("0");
    }

    @Test
    void aSnapshotOfBeforeWritesNothingAfterwards() throws SQLException {
        try (Connection reader = shards.connect(HOME);
                Statement statement = reader.createStatement()) {
            reader.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            reader.setAutoCommit(false);
            statement.execute("SELECT count(*) FROM things");
            assertThat(give()).isEqualTo(Outcome.done());
            assertThat(catchThrowableOfType(SQLException.class, () -> statement.execute(INSERT))
                            .getSQLState())
                    .isEqualTo("40001");
        }
    }

    @Test
    void whatWasCutOffIsEndedByWhoeverLooks() throws SQLException {
        for (String step : List.of("giving", "waited", "looked", "taken")) {
            assertThatThrownBy(() -> entries(killedAfter(step)).give(List.of(TENANT), OTHER))
                    .hasMessage("killed");
            assertThat(refusal(HOME)).as(step).isEqualTo("MO001");
            assertThat(finish(HOME)).isEqualTo(1);
            shards.execute(OTHER, INSERT, "DELETE FROM things WHERE tenant = 7");
            assertThat(takeBack()).isEqualTo(Outcome.done());
        }
        for (String step : List.of("returning", "left", "waited", "looked", "removed")) {
            assertThat(give()).as(step).isEqualTo(Outcome.done());
            assertThatThrownBy(() -> entries(killedAfter(step)).takeBack(List.of(TENANT)))
                    .hasMessage("killed");
            assertThat(finish(HOME) + finish(OTHER)).as(step).isEqualTo(1);
            shards.execute(HOME, INSERT, "DELETE FROM things WHERE tenant = 7");
            assertThat(refusal(OTHER)).isEqualTo("MO001");
            assertThat(shards.one(OTHER, "SELECT count(*) FROM mosaic.directory"))
                    .isEqualTo("0");
        }
    }

    private static HomeEntries.Between killedAfter(String step) {
        return after -> {
            if (after.equals(step)) {
                throw new SQLException("killed");
            }
        };
    }

    /** It has looked and found no row, loses its session, and is slow; meanwhile another undoes its change, and a row comes. */
    @Test
    void whoWasOvertakenChangesNothing() throws SQLException {
        List<Connection> opened = new ArrayList<>();
        shards.whenOpened(opened::add);
        HomeEntries slow = entries(after -> {
            if (after.equals("looked")) {
                opened.getFirst().abort(Runnable::run);
                try (Connection open = shards.connect(HOME);
                        Statement statement = open.createStatement()) {
                    open.setAutoCommit(false);
                    statement.execute("SELECT pg_current_xact_id()");
                    assertThat(finish(HOME)).isEqualTo(1);
                }
                shards.execute(HOME, INSERT);
            }
        });
        assertThat(catchThrowableOfType(SQLException.class, () -> slow.give(List.of(TENANT), OTHER))
                        .getSQLState())
                .isEqualTo(DirectorySchema.OVERTAKEN);
        assertThat(refusal(OTHER)).isEqualTo("MO001");
        assertThat(List.of(shards.misplaced("s0"), shards.misplaced("s1"))).containsExactly(0L, 0L);
    }

    @Test
    void aSequenceThatIsAheadIsBroughtInStep() throws SQLException {
        shards.execute(HOME, "SELECT nextval('mosaic.directory_changes'), nextval('mosaic.directory_changes')");
        String insert = "BEGIN ISOLATION LEVEL REPEATABLE READ; " + INSERT + "; COMMIT";
        assertThat(catchThrowableOfType(SQLException.class, () -> shards.execute(HOME, insert))
                        .getSQLState())
                .isEqualTo("40001");
        finish(HOME);
        shards.execute(HOME, insert);
    }

    /** Whoever ends what another left may be killed as well, at each of its steps. */
    @Test
    void whoeverEndsItMayBeCutOffToo() throws SQLException {
        for (String step : List.of("overtaken", "waited", "looked", "taken")) {
            assertThatThrownBy(() -> entries(killedAfter("giving")).give(List.of(TENANT), OTHER))
                    .hasMessage("killed");
            assertThatThrownBy(() -> entries(killedAfter(step)).finish(List.of(TENANT), OTHER, DirectorySchema.GIVING))
                    .hasMessage("killed");
            assertThat(refusal(HOME)).as(step).isEqualTo("MO001");
            assertThat(finish(HOME)).as(step).isEqualTo(1);
            assertThat(give()).as(step).isEqualTo(Outcome.unchanged());
            assertThat(takeBack()).isEqualTo(Outcome.done());
        }
        for (String step : List.of("overtaken", "left", "waited", "looked", "removed")) {
            assertThat(give()).as(step).isEqualTo(Outcome.done());
            assertThatThrownBy(() -> entries(killedAfter("left")).takeBack(List.of(TENANT)))
                    .hasMessage("killed");
            assertThatThrownBy(
                            () -> entries(killedAfter(step)).finish(List.of(TENANT), OTHER, DirectorySchema.RETURNING))
                    .hasMessage("killed");
            assertThat(refusal(OTHER)).as(step).isEqualTo("MO001");
            assertThat(finish(HOME) + finish(OTHER)).as(step).isEqualTo(1);
            assertThat(takeBack()).as(step).isEqualTo(Outcome.unchanged());
            assertThat(shards.one(OTHER, "SELECT count(*) FROM mosaic.directory"))
                    .isEqualTo("0");
        }
    }

    /** The other shard still has what the last change left; clearing that away must not take what is new. */
    @Test
    void whatWasLeftAndGivenAgainIsNotClearedAway() throws SQLException {
        assertThat(give()).isEqualTo(Outcome.done());
        assertThatThrownBy(() -> entries(killedAfter("removed")).takeBack(List.of(TENANT)))
                .hasMessage("killed");
        assertThat(shards.one(OTHER, "SELECT state FROM mosaic.directory")).isEqualTo(DirectorySchema.LEFT);
        assertThatThrownBy(() -> entries(killedAfter("giving")).give(List.of(TENANT), OTHER))
                .hasMessage("killed");
        assertThat(finish(OTHER)).isEqualTo(1);
        assertThat(finish(HOME)).isEqualTo(1);
        shards.execute(OTHER, INSERT);
        assertThat(refusal(HOME)).isEqualTo("MO001");
        assertThat(finish(OTHER)).isZero();
    }

    /** What cannot be ended, for whatever reason, comes first. */
    @Test
    void whatCannotBeEndedHoldsUpNothingElse() throws SQLException {
        String row = "INSERT INTO mosaic.directory (grp, region, key, shard, attempt, state) VALUES ('', '', ";
        shards.execute(
                HOME,
                row + "'no number', '" + OTHER + "', 0, 'p')",
                row + "'4711', 's9', 0, 'p')",
                "INSERT INTO mosaic.directory (grp, region, key, shard, attempt, state)"
                        + " SELECT '', '', n::text, 's8', 0, 'r' FROM generate_series(10000, 11500) AS n");
        assertThatThrownBy(() -> entries(killedAfter("giving")).give(List.of(TENANT), OTHER))
                .hasMessage("killed");
        assertThat(finish(HOME)).isEqualTo(1);
        shards.execute(OTHER, INSERT);
    }

    /** As under a replication mode that loses writes: home has forgotten its last attempts, of which the other shard knows. */
    @Test
    void attemptsThatAFailoverLostAreNotUsedAgain() throws SQLException {
        shards.term(HOME, 3);
        for (int i = 0; i < 3; i++) {
            assertThat(give()).isEqualTo(Outcome.done());
            assertThat(takeBack()).isEqualTo(Outcome.done());
        }
        String fence = "SELECT attempt FROM mosaic.directory_fence";
        long lost = Long.parseLong(shards.one(OTHER, fence));
        shards.execute(
                HOME,
                "UPDATE mosaic.directory_version SET version = version - 6",
                "SELECT setval('mosaic.directory_changes', (SELECT version FROM mosaic.directory_version))");
        shards.term(HOME, 4);
        assertThat(give()).isEqualTo(Outcome.done());
        assertThat(Long.parseLong(shards.one(OTHER, fence))).isEqualTo((4L << 32) + 1);
        try (Connection former = shards.superuser(OTHER)) {
            assertThat(catchThrowableOfType(
                                    SQLException.class, () -> new EntryRows(former).fence(HOME, lost + 1_000_000))
                            .getSQLState())
                    .as("an operator that is still at the former primary")
                    .isEqualTo(DirectorySchema.OVERTAKEN);
        }
        shards.execute(OTHER, INSERT);
        assertThat(refusal(HOME)).isEqualTo("MO001");
    }

    /** Two operators are asked for the opposite at once: one is after the other, or told that it is busy. */
    @Test
    void oppositeChangesAtOnceLeaveOneOfTheTwo() throws Exception {
        try (ExecutorService operators = Executors.newFixedThreadPool(2)) {
            for (int i = 0; i < 20; i++) {
                Future<Outcome> given = operators.submit(this::give);
                Future<Outcome> taken = operators.submit(this::takeBack);
                assertThat(List.of(given.get().state(), taken.get().state()))
                        .isSubsetOf(Outcome.State.DONE, Outcome.State.UNCHANGED, Outcome.State.BUSY);
                String here = shards.one(HOME, "SELECT state FROM mosaic.directory");
                assertThat(shards.one(OTHER, "SELECT state FROM mosaic.directory"))
                        .isEqualTo(here.isEmpty() ? "" : DirectorySchema.MINE);
                shards.execute(here.isEmpty() ? HOME : OTHER, INSERT, "DELETE FROM things WHERE tenant = 7");
                assertThat(refusal(here.isEmpty() ? OTHER : HOME)).isEqualTo("MO001");
            }
        }
    }
}
