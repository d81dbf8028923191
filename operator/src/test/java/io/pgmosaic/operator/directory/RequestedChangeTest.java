package io.pgmosaic.operator.directory;

import io.pgmosaic.operator.upkeep.ShardSessions;
import io.pgmosaic.protocol.topology.DirectoryChange;
import io.pgmosaic.protocol.topology.DirectoryResult;
import io.pgmosaic.protocol.topology.DirectoryResult.Outcome;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** What a request is told of what became of it. */
class RequestedChangeTest {
    private static final Duration PATIENCE = Duration.ofMillis(200);
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Tenant TENANT = TwoShards.tenant(7);
    private static final String HOME = TENANT.home();
    private static final String OTHER = TwoShards.other(HOME);

    private TwoShards shards;

    @BeforeEach
    void create() throws SQLException {
        shards = new TwoShards();
    }

    private static DirectoryChange change(DirectoryChange.Action action, DirectoryChange.Entry... entries) {
        return new DirectoryChange("things", action, List.of(entries));
    }

    private static DirectoryChange.Entry entry(String key, String shard) {
        return new DirectoryChange.Entry(List.of(key), shard);
    }

    private static DirectoryChange one(DirectoryChange.Action action) {
        return change(
                action,
                action == DirectoryChange.Action.ASSIGN
                        ? entry("7", OTHER)
                        : new DirectoryChange.Entry(List.of("7"), null));
    }

    private static void make(
            ShardSessions sessions, DirectoryChange change, Duration patience, ChangeProgress progress) {
        new RequestedChange(sessions, TwoShards.TABLES, patience)
                .make(TwoShards.TABLES.tables().getFirst(), change, progress);
    }

    private static DirectoryResult make(ShardSessions sessions, DirectoryChange change) {
        ChangeProgress progress = new ChangeProgress(change.entries().size());
        make(sessions, change, PATIENCE, progress);
        return progress.end();
    }

    private String entries(String shard) throws SQLException {
        return shards.one(shard, "SELECT coalesce(string_agg(state::text, '' ORDER BY key), '') FROM mosaic.directory");
    }

    /** A snapshot of before can write, since nothing was changed, not even in the middle. */
    private void requireUntouched() throws SQLException {
        assertThat(entries(HOME)).isEmpty();
        shards.execute(HOME, "BEGIN ISOLATION LEVEL REPEATABLE READ; INSERT INTO things (tenant) VALUES (7); ROLLBACK");
    }

    /** Sessions of which one cannot be opened, or is opened only after something happened. */
    private ShardSessions sessions(AtomicInteger opened, int special, SqlRunnable what) {
        return new ShardSessions() {
            @Override
            public Connection superuser(String shard) throws SQLException {
                before();
                return shards.superuser(shard);
            }

            @Override
            public Connection owner(String shard) throws SQLException {
                before();
                return shards.owner(shard);
            }

            private void before() throws SQLException {
                if (opened.incrementAndGet() == special) {
                    what.run();
                }
            }
        };
    }

    private interface SqlRunnable {
        void run() throws SQLException;
    }

    @Test
    void whatMakesNoSenseIsRefusedByItself() {
        DirectoryResult result = make(
                shards,
                change(
                        DirectoryChange.Action.ASSIGN,
                        entry("7", OTHER),
                        entry("7", OTHER),
                        entry("8", "s9"),
                        entry("7", HOME),
                        entry("x", OTHER),
                        new DirectoryChange.Entry(List.of("1", "2"), OTHER),
                        new DirectoryChange.Entry(List.of("9"), null)));
        assertThat(result.results())
                .extracting(DirectoryResult.Item::outcome)
                .containsExactly(
                        Outcome.DONE,
                        Outcome.INVALID,
                        Outcome.REFUSED,
                        Outcome.REFUSED,
                        Outcome.INVALID,
                        Outcome.INVALID,
                        Outcome.REFUSED);
        assertThat(result.results().get(2).detail()).contains("there is no shard s9");
        assertThat(result.results().get(3).detail()).contains("has the key by the rule already");
    }

    /** Whatever shard cannot be logged in at, and whenever: busy if nothing was changed, and otherwise pending. */
    @ParameterizedTest
    @EnumSource(DirectoryChange.Action.class)
    void saysWhetherAnythingWasBegun(DirectoryChange.Action action) throws SQLException {
        Set<Outcome> told = EnumSet.noneOf(Outcome.class);
        for (int failing = 1; !told.contains(Outcome.DONE); failing++) {
            if (action == DirectoryChange.Action.REMOVE) {
                make(shards, one(DirectoryChange.Action.ASSIGN));
            }
            String before = entries(HOME);
            DirectoryResult.Item item = make(
                            sessions(new AtomicInteger(), failing, () -> {
                                throw new SQLException("no primary now");
                            }),
                            one(action))
                    .results()
                    .getFirst();
            told.add(item.outcome());
            switch (item.outcome()) {
                case BUSY -> {
                    assertThat(entries(HOME)).as("login %d", failing).isEqualTo(before);
                    assertThat(item.detail()).contains("no primary now", "nothing was changed");
                }
                case PENDING -> {
                    assertThat(entries(HOME)).as("login %d", failing).containsAnyOf("p", "r");
                    assertThat(item.detail()).contains("no primary now", "ask with GET");
                    LeftChanges left = new LeftChanges(shards, Map.of("", TwoShards.TABLES), PATIENCE);
                    assertThat(left.finish(HOME)).isEqualTo(1);
                    make(shards, one(DirectoryChange.Action.REMOVE));
                    assertThat(entries(HOME) + entries(OTHER)).isEmpty();
                }
                default -> assertThat(item.outcome()).isEqualTo(Outcome.DONE);
            }
        }
        assertThat(told).containsExactlyInAnyOrder(Outcome.BUSY, Outcome.PENDING, Outcome.DONE);
    }

    @Test
    void whatIsLateIsNotBegun() throws SQLException {
        ChangeProgress late = new ChangeProgress(1);
        assertThat(late.end().results().getFirst().outcome()).isEqualTo(Outcome.BUSY);
        make(shards, one(DirectoryChange.Action.ASSIGN), PATIENCE, late);
        requireUntouched();

        // The third login is the one to the other shard, and the first step comes next.
        ChangeProgress nearly = new ChangeProgress(1);
        make(
                sessions(new AtomicInteger(), 3, () -> assertThat(
                                nearly.end().results().getFirst().outcome())
                        .isEqualTo(Outcome.BUSY)),
                one(DirectoryChange.Action.ASSIGN),
                PATIENCE,
                nearly);
        requireUntouched();
    }

    @Test
    void whatIsUnderWayWhenTheTimeIsOverEndsByItself() throws Exception {
        ChangeProgress progress = new ChangeProgress(2);
        DirectoryChange two = change(DirectoryChange.Action.ASSIGN, entry("7", OTHER), entry("x", OTHER));
        try (Connection slow = shards.connect(HOME);
                Statement statement = slow.createStatement();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            slow.setAutoCommit(false);
            statement.execute("SELECT pg_current_xact_id()");
            Future<?> made = threads.submit(() -> make(shards, two, LONG, progress));
            await().until(() -> entries(HOME).equals("p"));
            assertThat(progress.end().results())
                    .extracting(DirectoryResult.Item::outcome)
                    .containsExactly(Outcome.PENDING, Outcome.INVALID);
            slow.rollback();
            made.get(30, TimeUnit.SECONDS);
        }
        assertThat(entries(HOME)).isEqualTo("a");
        assertThat(entries(OTHER)).isEqualTo("m");
        assertThat(progress.end().results().getFirst().outcome()).isEqualTo(Outcome.DONE);
    }

    @Test
    void answersWhenTheTimeIsOver() throws Exception {
        CountDownLatch hanging = new CountDownLatch(1);
        CompletableFuture<DirectoryResult> answer =
                Directories.answer(new ChangeProgress(1), Duration.ofMillis(50), () -> awaitQuietly(hanging));
        assertThat(answer.get(30, TimeUnit.SECONDS).results().getFirst().outcome())
                .isEqualTo(Outcome.BUSY);
        hanging.countDown();
        assertThatThrownBy(() -> Directories.answer(new ChangeProgress(1), LONG, () -> {
                            throw new DirectoryRefusal(404, "no table");
                        })
                        .get(30, TimeUnit.SECONDS))
                .hasCauseInstanceOf(DirectoryRefusal.class);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
