package io.pgmosaic.instance;

import io.pgmosaic.instance.harness.ShardOfTwo;
import io.pgmosaic.instance.harness.TestManager;
import io.pgmosaic.instance.volume.DurableFiles;
import io.pgmosaic.protocol.Json;
import io.pgmosaic.protocol.instance.DataDirectory;
import io.pgmosaic.protocol.instance.InstanceCommand;
import io.pgmosaic.protocol.instance.InstanceIdentity;
import io.pgmosaic.protocol.instance.InstanceRole;
import io.pgmosaic.protocol.instance.PostgresState.ServerState;
import io.pgmosaic.protocol.instance.Refusal;
import io.pgmosaic.protocol.instance.Refusal.Reason;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A replica that comes back without its volume, or with another's. */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class LostVolumeTest {
    private final ShardOfTwo shard;
    private final TestManager first;
    private final TestManager second;
    private final String system;

    LostVolumeTest() throws IOException {
        shard = ShardOfTwo.start();
        first = shard.first();
        second = shard.second();
        system = shard.system();
    }

    @AfterEach
    void close() throws IOException {
        shard.close();
    }

    private void comeBackWithAnEmptyVolume() throws IOException {
        second.killEverything();
        try (Stream<Path> files = Files.list(second.volume())) {
            for (Path file : files.toList()) {
                DurableFiles.deleteTree(file);
            }
        }
        second.start();
    }

    private static @Nullable Reason refusal(HttpResponse<byte[]> response) throws IOException {
        return response.statusCode() == 409
                ? Json.read(response.body(), Refusal.class).reason()
                : null;
    }

    @Test
    void countsForNothingAndTakesNoCommandThatWasUnderWay() throws Exception {
        InstanceCommand underWay = second.follow(1, first, system, shard.configuration());
        second.make(second.revoke(2, false));
        assertThat(second.status().logEnd()).isNotNull();
        comeBackWithAnEmptyVolume();
        assertThat(second.status().data().state()).isEqualTo(DataDirectory.State.EMPTY);
        assertThat(second.status().promisedTerm()).isZero();
        assertThat(second.status().logEnd()).isNull();
        assertThat(second.postgresProcesses()).isEmpty();

        // The old primary's: its confirmations would count there.
        HttpResponse<byte[]> refused = second.sendOnce(underWay, null);
        assertThat(refusal(refused)).isEqualTo(Reason.NO_PROMISE);
        String challenge = Json.read(refused.body(), Refusal.class).challenge();
        assertThat(refusal(second.sendOnce(underWay, "of-an-earlier-start"))).isEqualTo(Reason.NO_PROMISE);
        assertThat(second.volume().resolve("promise.json")).doesNotExist();

        assertThat(second.sendOnce(second.revoke(2, false), challenge).statusCode())
                .isEqualTo(200);
        assertThat(second.status().promisedTerm()).isEqualTo(2);
        assertThat(second.status().logEnd()).as("of a log that is lost").isNull();
        assertThat(refusal(second.sendOnce(underWay, challenge))).isEqualTo(Reason.STALE_TERM);
        assertThat(refusal(second.sendOnce(
                        new InstanceCommand.Promote(second.identity(), 2, system, shard.configuration()), null)))
                .isEqualTo(Reason.NO_DATA);

        // A challenge serves once, should the promise be lost again under the running manager.
        Files.delete(second.volume().resolve("promise.json"));
        assertThat(refusal(second.sendOnce(underWay, challenge))).isEqualTo(Reason.NO_PROMISE);
        assertThat(second.postgresProcesses()).isEmpty();
    }

    @Test
    void isClonedInItsOwnTerm() throws Exception {
        comeBackWithAnEmptyVolume();
        second.make(second.follow(1, first, system, shard.configuration()));
        await().atMost(Duration.ofSeconds(40)).until(second::streams);
        assertThat(second.status().promisedTerm()).isEqualTo(1);
    }

    @Test
    void theVolumeOfAnotherShardIsLeftAlone() throws Exception {
        second.killEverything();
        second.extraEnvironment().put("PGMOSAIC_SHARD", "s1");
        second.extraEnvironment().put("PGMOSAIC_INSTANCE", "orders-s1-1");
        InstanceIdentity other = new InstanceIdentity("shop", "orders", "uid-1", "s1", "orders-s1-1");
        second.start();
        assertThat(second.status().identity()).isEqualTo(other);
        assertThat(second.status().data().storedIdentity()).isEqualTo(second.identity());
        for (InstanceCommand command : List.of(
                new InstanceCommand.Revoke(other, 9, false),
                new InstanceCommand.Promote(other, 1, system, shard.configuration()),
                new InstanceCommand.Bootstrap(other, 9, shard.configuration()),
                new InstanceCommand.Follow(
                        other, 9, first.asUpstream(), second.slot(), system, true, shard.configuration()))) {
            assertThat(refusal(second.sendOnce(command, null)))
                    .as(command.path())
                    .isEqualTo(Reason.WRONG_INSTANCE);
        }
        assertThat(second.status().promisedTerm()).isEqualTo(1);
        assertThat(second.status().postgres().state()).isEqualTo(ServerState.STOPPED);
        assertThat(second.postgresProcesses()).isEmpty();

        second.killEverything();
        second.extraEnvironment().clear();
        second.start();
        await().atMost(Duration.ofSeconds(40)).until(second::streams);
        assertThat(second.status().role()).isEqualTo(InstanceRole.STANDBY);
    }
}
