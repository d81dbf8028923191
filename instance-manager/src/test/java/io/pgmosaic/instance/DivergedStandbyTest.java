package io.pgmosaic.instance;

import io.pgmosaic.instance.harness.TestManager;
import io.pgmosaic.instance.harness.TestShard;
import io.pgmosaic.protocol.Lsn;
import io.pgmosaic.protocol.instance.LogPosition;
import io.pgmosaic.protocol.instance.PostgresConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A standby, never a primary, that holds log of the old primary which the new one has not. */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class DivergedStandbyTest {
    private static final long SEGMENT = 16 << 20;

    private TestShard shard;
    private TestManager first;
    private TestManager second;
    private TestManager third;
    private String system;

    @BeforeEach
    void open() throws Exception {
        shard = new TestShard();
        first = shard.manager(0).start();
        second = shard.manager(1).start();
        third = shard.manager(2).start();
        first.make(first.bootstrap(1, configuration()));
        system = Objects.requireNonNull(first.status().data().systemIdentifier());
        for (TestManager standby : List.of(second, third)) {
            standby.make(TestManager.unheard(standby.follow(1, first, system, configuration())));
            await().atMost(Duration.ofSeconds(40)).until(standby::streams);
        }
        first.sql("CREATE TABLE t (i int)");
    }

    @AfterEach
    void close() throws IOException {
        shard.close();
    }

    private PostgresConfiguration configuration() {
        return new PostgresConfiguration(
                1, Map.of("autovacuum", "off"), "", List.of(first.slot(), second.slot(), third.slot()), true);
    }

    private void promoteSecond() throws Exception {
        second.make(second.promote(2, configuration()));
        second.sql("INSERT INTO t VALUES (-1)");
    }

    private void awaitThirdHasWhatSecondHas() {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> third.streams()
                        && third.show("SELECT string_agg(i::text, ',') FROM t").equals("-1"));
    }

    private void partSecondFromThird() throws Exception {
        second.make(second.revoke(2, false));
        first.sql("INSERT INTO t SELECT generate_series(1, 1000)");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> third.show("SELECT count(*) FROM t").equals("1000"));
        promoteSecond();
    }

    @Test
    void isRewound() throws Exception {
        partSecondFromThird();
        third.make(third.follow(2, second, system, configuration()));
        awaitThirdHasWhatSecondHas();
        assertThat(Files.readString(third.log())).contains("rewinding").doesNotContain("cloned anew");
    }

    @Test
    void isRewoundWhenItHadPromisedBefore() throws Exception {
        partSecondFromThird();
        third.make(third.revoke(2, false));
        assertThat(Objects.requireNonNull(third.status().logEnd()))
                .isGreaterThan(new LogPosition(
                        1, Objects.requireNonNull(second.status().postgres().writtenLsn())));
        third.make(third.follow(2, second, system, configuration()));
        awaitThirdHasWhatSecondHas();
        assertThat(Files.readString(third.log())).contains("rewinding").doesNotContain("cloned anew");
    }

    /** Nothing whole has parted, but the last segment is full of the beginning of a record that goes on in the next. */
    @Test
    void withTheBeginningOfARecordUpToTheEndOfASegmentItsLogIsCut() throws Exception {
        keepFirstFromWritingByItself();
        for (TestManager standby : List.of(second, third)) {
            standby.awaitStatus(status -> Objects.equals(
                    status.postgres().replayedLsn(), first.status().postgres().writtenLsn()));
            standby.make(standby.revoke(2, false));
        }
        LogPosition end = Objects.requireNonNull(second.status().logEnd());
        assertThat(third.status().logEnd()).isEqualTo(end);
        third.killEverything();

        first.sql("SELECT pg_logical_emit_message(true, 'x', repeat('x', " + SEGMENT * 5 / 4 + "))");
        String segment = segment(end.lsn());
        Files.copy(
                first.data().resolve("pg_wal").resolve(segment),
                third.data().resolve("pg_wal").resolve(segment),
                StandardCopyOption.REPLACE_EXISTING);
        io.pgmosaic.instance.harness.Sandbox.give(third.data().resolve("pg_wal").resolve(segment));
        promoteSecond();
        third.start();
        third.awaitStatus(status -> end.equals(status.logEnd()));

        third.make(third.follow(2, second, system, configuration()));
        awaitThirdHasWhatSecondHas();
        assertThat(Files.readString(third.log())).doesNotContain("rewinding").doesNotContain("cloned anew");
        assertThat(beyond(third.data().resolve("pg_wal").resolve(segment), end.lsn()))
                .as("what was left of the record")
                .containsOnly(0);
    }

    /** The background writer notes now and then which transactions run; a stopped one is missed by nobody. */
    private void keepFirstFromWritingByItself() throws Exception {
        String pid = first.show("SELECT pid FROM pg_stat_activity WHERE backend_type = 'background writer'");
        assertThat(new ProcessBuilder("kill", "-STOP", pid).start().waitFor()).isZero();
    }

    private static String segment(Lsn position) {
        return String.format("%08X%08X%08X", 1, position.offset() >>> 32, (position.offset() & 0xFFFFFFFFL) / SEGMENT);
    }

    private static byte[] beyond(Path segment, Lsn end) throws IOException {
        byte[] bytes = Files.readAllBytes(segment);
        return java.util.Arrays.copyOfRange(bytes, (int) (end.offset() % SEGMENT), bytes.length);
    }
}
