package io.pgmosaic.instance;

import io.pgmosaic.instance.harness.ShardOfTwo;
import io.pgmosaic.instance.harness.TestManager;
import io.pgmosaic.protocol.instance.InstanceCommand;
import io.pgmosaic.protocol.instance.InstanceRole;
import io.pgmosaic.protocol.instance.LogPosition;
import io.pgmosaic.protocol.instance.PostgresState.ServerState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The end of a whole node in the middle of a promotion to term 5, on what followed in term 1. */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class PromotionCutShortTest {
    /** Up to where the promotion has come at least; the kill takes a moment, in which it may come further. */
    enum Point {
        RECORDED {
            @Override
            boolean isReached(TestManager manager) throws IOException {
                return Files.readString(assignment(manager)).contains("PROMOTION");
            }
        },
        NUMBERS_RESERVED {
            @Override
            boolean isReached(TestManager manager) {
                return Files.exists(log(manager, "00000004.history"));
            }
        },
        TIMELINE_WRITTEN {
            @Override
            boolean isReached(TestManager manager) {
                return Files.exists(log(manager, "00000005.history"));
            }
        },
        NO_STANDBY_ANY_MORE {
            @Override
            boolean isReached(TestManager manager) {
                return Files.exists(log(manager, "00000005.history"))
                        && !Files.exists(manager.data().resolve("standby.signal"));
            }
        };

        abstract boolean isReached(TestManager manager) throws IOException;

        static Path assignment(TestManager manager) {
            return manager.volume().resolve("assignment.json");
        }

        static Path log(TestManager manager, String name) {
            return manager.data().resolve("pg_wal").resolve(name);
        }
    }

    private final ShardOfTwo shard;
    private final TestManager first;
    private final TestManager second;

    PromotionCutShortTest() throws IOException {
        shard = ShardOfTwo.start();
        first = shard.first();
        second = shard.second();
    }

    @BeforeEach
    void prepare() throws Exception {
        first.sql("CREATE TABLE t (i int)");
        first.sql("INSERT INTO t VALUES (1)");
        first.make(first.revoke(5, true));
        second.make(second.revoke(5, true));
    }

    private void promoteAndKillAt(Point point) throws IOException {
        Thread.ofPlatform().daemon().start(() -> {
            try {
                second.send(second.promote(5, shard.configuration()));
            } catch (IOException | InterruptedException expectedOfAKilledManager) {
                Thread.currentThread().interrupt();
            }
        });
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(1))
                .until(() -> point.isReached(second));
        second.killEverything();
    }

    @AfterEach
    void close() throws IOException {
        shard.close();
    }

    private void restartAndFindNothingServing() throws IOException {
        second.start();
        assertThat(second.status().promisedTerm()).isEqualTo(5);
        assertThat(second.status().postgres().state()).isNotEqualTo(ServerState.RUNNING);
        assertThat(second.postgresProcesses()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void theSamePromoteEndsIt(Point point) throws Exception {
        promoteAndKillAt(point);
        restartAndFindNothingServing();
        String system = Objects.requireNonNull(second.status().data().systemIdentifier());
        second.make(new InstanceCommand.Promote(second.identity(), 5, system, shard.configuration()));
        assertThat(second.status().role()).isEqualTo(InstanceRole.PRIMARY);
        assertThat(second.status().postgres().timeline()).isEqualTo(5);
        assertThat(second.show("SELECT string_agg(i::text, ',') FROM t")).isEqualTo("1");
        second.sql("INSERT INTO t VALUES (2)");
        first.make(first.follow(5, second, system, shard.configuration()));
        await().atMost(Duration.ofSeconds(40))
                .until(() -> first.show("SELECT count(*) FROM t WHERE i = 2").equals("1"));
    }

    @ParameterizedTest
    @EnumSource
    void aRevokeOfALaterTermMakesAStandbyOfItThatCanBePromoted(Point point) throws Exception {
        promoteAndKillAt(point);
        restartAndFindNothingServing();
        second.make(second.revoke(6, false));
        assertThat(second.status().role()).isEqualTo(InstanceRole.STANDBY);
        LogPosition end = Objects.requireNonNull(second.status().logEnd());
        assertThat(end.timeline()).isIn(1L, 5L);
        second.make(second.promote(6, shard.configuration()));
        assertThat(second.status().postgres().timeline()).isEqualTo(6);
        String system = Objects.requireNonNull(second.status().data().systemIdentifier());
        assertThat(second.show("SELECT string_agg(i::text, ',') FROM t")).isEqualTo("1");
        second.sql("INSERT INTO t VALUES (2)");
        first.make(first.follow(6, second, system, shard.configuration()));
        await().atMost(Duration.ofSeconds(40))
                .until(() -> first.show("SELECT count(*) FROM t WHERE i = 2").equals("1"));
    }
}
