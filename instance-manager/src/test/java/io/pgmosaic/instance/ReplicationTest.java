package io.pgmosaic.instance;

import io.pgmosaic.instance.harness.TestManager;
import io.pgmosaic.instance.harness.TestShard;
import io.pgmosaic.protocol.instance.DataDirectory;
import io.pgmosaic.protocol.instance.InstanceCommand;
import io.pgmosaic.protocol.instance.InstanceRole;
import io.pgmosaic.protocol.instance.InstanceStatus;
import io.pgmosaic.protocol.instance.PostgresConfiguration;
import io.pgmosaic.protocol.instance.PostgresState.ServerState;
import io.pgmosaic.protocol.instance.Refusal.Reason;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import static org.assertj.core.api.Assertions.assertThat;

/** One primary and two standbys. */
final class ReplicationTest {
    private TestShard shard;

    @BeforeEach
    void open() throws IOException {
        shard = new TestShard();
    }

    @AfterEach
    void close() throws IOException {
        shard.close();
    }

    static PostgresConfiguration configuration(long sequence, String sync, List<String> slots, boolean clients) {
        return new PostgresConfiguration(sequence, Map.of("work_mem", "5MB"), sync, slots, clients);
    }

    @Test
    void bootstrapsFollowsAndConfigures() throws Exception {
        TestManager primary = shard.manager(0).start();
        TestManager second = shard.manager(1).start();
        TestManager third = shard.manager(2).start();
        assertThat(primary.status().data().state()).isEqualTo(DataDirectory.State.EMPTY);
        assertThat(primary.status().role()).isEqualTo(InstanceRole.NONE);

        List<String> slots = List.of(second.slot(), third.slot());
        primary.make(primary.bootstrap(1, configuration(1, "", slots, false)));
        InstanceStatus running = primary.status();
        assertThat(running.promisedTerm()).isEqualTo(1);
        assertThat(running.role()).isEqualTo(InstanceRole.PRIMARY);
        assertThat(running.postgres().state()).isEqualTo(ServerState.RUNNING);
        assertThat(running.postgres().term()).isEqualTo(1);
        assertThat(running.postgres().timeline()).isEqualTo(1);
        assertThat(running.postgres().receiver()).isNull();
        assertThat(running.postgres().writtenLsn()).isNotNull();
        assertThat(primary.refused(primary.bootstrap(2, configuration(1, "", slots, false)))
                        .reason())
                .isEqualTo(Reason.DATA_PRESENT);

        String system = Objects.requireNonNull(running.data().systemIdentifier());
        for (TestManager standby : List.of(second, third)) {
            standby.make(standby.follow(1, primary, system, configuration(1, "", List.of(), false)));
            InstanceStatus streaming =
                    standby.awaitStatus(status -> status.postgres().receiver() != null
                            && status.postgres().receiver().streaming()
                            && Objects.equals(status.postgres().replayLagMillis(), 0L));
            assertThat(streaming.role()).isEqualTo(InstanceRole.STANDBY);
            assertThat(streaming.postgres().term()).isEqualTo(1);
            assertThat(streaming.postgres().replicas()).isEmpty();
        }
        primary.make(primary.configure(1, configuration(2, "ANY 1 (\"orders-s0-1\",\"orders-s0-2\")", slots, true)));
        InstanceStatus synchronous = primary.awaitStatus(status -> status.postgres().replicas().stream()
                        .filter(replica -> replica.syncState().equals("quorum"))
                        .count()
                == 2);
        assertThat(Objects.requireNonNull(synchronous.postgres().configuration())
                        .sequence())
                .isEqualTo(2);
        assertThat(synchronous.postgres().configuration().acceptClients()).isTrue();

        // A node that goes away comes back by itself, as the standby it was.
        second.killEverything();
        second.start();
        InstanceStatus back = second.awaitStatus(status -> status.postgres().receiver() != null
                && status.postgres().receiver().streaming());
        assertThat(back.operation()).isNull();
        assertThat(back.postgres().term()).isEqualTo(1);

        // So does a server that dies alone.
        long postmaster = Long.parseLong(
                Files.readAllLines(second.data().resolve("postmaster.pid")).getFirst());
        ProcessHandle.of(postmaster).orElseThrow().destroyForcibly();
        second.awaitStatus(status -> status.postgres().state() != ServerState.RUNNING);
        second.awaitStatus(status -> status.postgres().receiver() != null
                && status.postgres().receiver().streaming());

        // A standby that promised another term does not go on streaming in the old one, also after a restart.
        third.make(new InstanceCommand.Stop(third.identity(), 2));
        third.killEverything();
        third.start();
        assertThat(third.status().promisedTerm()).isEqualTo(2);
        assertThat(third.refused(third.follow(1, primary, system, configuration(9, "", List.of(), false)))
                        .reason())
                .isEqualTo(Reason.STALE_TERM);
        assertThat(third.status().postgres().state()).isEqualTo(ServerState.STOPPED);
        assertThat(third.postgresProcesses()).isEmpty();

        // A replica that lost its primary is not "0 behind".
        primary.make(new InstanceCommand.Stop(primary.identity(), 1));
        InstanceStatus lost = second.awaitStatus(status -> status.postgres().receiver() != null
                && !status.postgres().receiver().streaming());
        assertThat(lost.postgres().replayLagMillis()).isNull();
        assertThat(second.terminate()).isZero();
        assertThat(second.postgresProcesses()).isEmpty();
    }
}
