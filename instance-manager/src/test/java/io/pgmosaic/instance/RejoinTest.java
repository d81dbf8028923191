package io.pgmosaic.instance;

import io.pgmosaic.instance.harness.ShardOfTwo;
import io.pgmosaic.instance.harness.TestManager;
import io.pgmosaic.protocol.instance.DataDirectory;
import io.pgmosaic.protocol.instance.InstanceCommand;
import io.pgmosaic.protocol.instance.InstanceRole;
import io.pgmosaic.protocol.instance.PostgresConfiguration;
import io.pgmosaic.protocol.instance.PostgresState.ServerState;
import io.pgmosaic.protocol.instance.Refusal.Reason;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Instances whose data cannot simply go on. */
@Timeout(value = 4, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class RejoinTest {
    private final ShardOfTwo shard;
    private final TestManager first;
    private final TestManager second;
    private final String system;

    RejoinTest() throws IOException {
        shard = ShardOfTwo.startUnheard();
        first = shard.first();
        second = shard.second();
        system = shard.system();
    }

    @BeforeEach
    void prepare() throws Exception {
        first.sql("CREATE TABLE t (i int)");
        await().atMost(Duration.ofSeconds(40))
                .until(() -> second.show("SELECT to_regclass('t') IS NOT NULL").equals("t"));
    }

    @AfterEach
    void close() throws IOException {
        shard.close();
    }

    /** The second becomes the primary of term 2, and the first has in its log what the second has not. */
    private void part() throws Exception {
        second.make(second.revoke(2, false));
        first.sql("INSERT INTO t SELECT generate_series(1, 1000)");
        second.make(second.promote(2, shard.configuration()));
        second.sql("INSERT INTO t VALUES (-1)");
    }

    private void awaitRejoined() {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> first.streams()
                        && first.show("SELECT string_agg(i::text, ',') FROM t").equals("-1"));
        assertThat(first.status().role()).isEqualTo(InstanceRole.STANDBY);
    }

    @Test
    void aPrimaryThatDiedWithItsNodeIsRewoundWithoutARevoke() throws Exception {
        part();
        first.killEverything();
        first.start();
        assertThat(first.status().postgres().state()).isEqualTo(ServerState.STOPPED);
        first.make(first.follow(2, second, system, shard.configuration()));
        awaitRejoined();
        assertThat(Files.readString(first.log())).contains("rewinding").doesNotContain("cloned anew");
    }

    @Test
    void whereRewindingIsImpossibleItIsCloned() throws Exception {
        part();
        first.make(first.revoke(2, false));
        first.make(new InstanceCommand.Stop(first.identity(), 2));
        // Without its own log since the logs parted pg_rewind has nothing to go by.
        try (DirectoryStream<Path> segments =
                Files.newDirectoryStream(first.data().resolve("pg_wal"), "0000*[0-9A-F]")) {
            for (Path segment : segments) {
                Files.delete(segment);
            }
        }
        first.make(first.follow(2, second, system, shard.configuration()));
        awaitRejoined();
        assertThat(Files.readString(first.log())).contains("cannot rewind, the data is cloned anew");
    }

    @Test
    void aRewindAndACloneThatWereCutShortAreNeverStartedAndMadeGood() throws Exception {
        part();
        first.make(first.revoke(2, false));
        killWhen("REWIND", first.volume().resolve("assignment.json"));
        first.start();
        assertThat(first.status().promisedTerm()).isEqualTo(2);
        assertThat(first.status().logEnd()).isNull();
        assertThat(first.postgresProcesses()).isEmpty();
        killWhen("START WAL LOCATION", first.volume().resolve("pgdata.new/backup_label"));
        assertThat(first.data()).doesNotExist();
        first.start();
        assertThat(first.status().data().state()).isEqualTo(DataDirectory.State.INCOMPLETE);
        assertThat(first.postgresProcesses()).isEmpty();
        first.make(first.follow(2, second, system, shard.configuration()));
        awaitRejoined();
        assertThat(first.volume().resolve("pgdata.old")).doesNotExist();
    }

    /** Has the first follow, and kills everything of it as soon as the file holds the text. */
    private void killWhen(String text, Path file) throws IOException {
        Thread.ofPlatform().daemon().start(() -> {
            try {
                first.send(first.follow(2, second, system, shard.configuration()));
            } catch (IOException | InterruptedException expectedOfAKilledManager) {
                Thread.currentThread().interrupt();
            }
        });
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(1))
                .ignoreExceptions()
                .until(() -> Files.readString(file).contains(text));
        first.killEverything();
        assertThat(file).content().contains(text);
    }

    @Test
    void withoutItsPromiseItServesNothingUntilItsDataIsReplaced() throws Exception {
        first.terminate();
        Path promise = first.volume().resolve("promise.json");
        Files.writeString(promise, Files.readString(promise).substring(3));
        first.start();
        assertThat(first.status().data().state()).isEqualTo(DataDirectory.State.UNREADABLE);
        assertThat(first.status().data().message()).contains("promise.json");
        assertThat(first.refused(first.revoke(2, false)).reason()).isEqualTo(Reason.PROMISE_UNREADABLE);
        second.make(second.revoke(2, false));
        second.make(second.promote(2, shard.configuration()));
        second.sql("INSERT INTO t VALUES (-1)");
        assertThat(first.refused(first.follow(2, second, system, shard.configuration()))
                        .reason())
                .isEqualTo(Reason.PROMISE_UNREADABLE);
        assertThat(first.postgresProcesses()).isEmpty();
        first.make(first.replace(2, second, system, shard.configuration()));
        awaitRejoined();
        assertThat(first.status().promisedTerm()).isEqualTo(2);
        assertThat(Files.readString(first.log())).doesNotContain("rewinding");
    }

    @Test
    void aStandbyWhoseLogIsGoneSaysSoAndIsReplaced() throws Exception {
        second.terminate();
        first.make(first.configure(1, new PostgresConfiguration(2, Map.of("wal_keep_size", "0"), "", List.of(), true)));
        for (int i = 0; i < 3; i++) {
            first.sql("SELECT pg_logical_emit_message(true, 'x', 'x')");
            first.sql("SELECT pg_switch_wal()");
            first.sql("CHECKPOINT");
        }
        first.make(first.configure(1, shard.configuration(3)));
        second.start();
        assertThat(second.awaitStatus(status -> status.postgres().message() != null
                                && status.postgres().state() == ServerState.RUNNING)
                        .postgres()
                        .message())
                .contains("removed");
        second.make(second.replace(1, first, system, shard.configuration(2)));
        await().atMost(Duration.ofSeconds(40)).until(second::streams);
        assertThat(second.status().postgres().message()).isNull();
    }
}
