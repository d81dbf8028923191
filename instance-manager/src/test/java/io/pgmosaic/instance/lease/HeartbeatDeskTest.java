package io.pgmosaic.instance.lease;

import io.pgmosaic.instance.log.LogLines;
import io.pgmosaic.instance.postgres.Leftovers;
import io.pgmosaic.instance.postgres.Postmaster;
import io.pgmosaic.instance.postgres.Programs;
import io.pgmosaic.instance.volume.StoredState;
import io.pgmosaic.instance.volume.UnreadableFileException;
import io.pgmosaic.instance.volume.Volume;
import io.pgmosaic.protocol.instance.Heartbeat;
import io.pgmosaic.protocol.instance.InstanceIdentity;
import io.pgmosaic.protocol.instance.PostgresConfiguration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The desk of the primary of term 4 in a shard of three, with a lease of 6 s. */
final class HeartbeatDeskTest {
    private static final InstanceIdentity SELF = new InstanceIdentity("shop", "orders", "uid", "s0", "orders-s0-0");
    private static final InstanceIdentity MATE = new InstanceIdentity("shop", "orders", "uid", "s0", "orders-s0-1");
    private static final Path NOWHERE = Path.of("/nowhere");

    private final Lease lease = new Lease(100);
    private HeartbeatSender.Stored stored = () -> new StoredState(4, SELF, null);
    private long second;
    private final HeartbeatDesk desk = desk();

    private HeartbeatDesk desk() {
        Programs programs = new Programs(NOWHERE, NOWHERE);
        Postmaster postmaster = new Postmaster(
                programs,
                NOWHERE,
                new Leftovers(NOWHERE, programs),
                new LogLines(OutputStream.nullOutputStream(), SELF));
        LeaseGuard guard = new LeaseGuard(lease, postmaster, this::now, () -> {});
        lease.grant(4, new PostgresConfiguration.Lease(6000, 3), 0);
        return new HeartbeatDesk(SELF, () -> stored.read(), lease, guard, () -> 4, this::now);
    }

    private long now() {
        return TimeUnit.SECONDS.toNanos(second);
    }

    private Heartbeat.Answer take(long promised, @Nullable Long token) throws UnreadableFileException {
        return desk.take(new Heartbeat(MATE, promised, token));
    }

    @Test
    void answersWhatItPromisedAndServesAndATokenThatLengthensTheLease() throws Exception {
        second = 2;
        Heartbeat.Answer answer = desk.take(new Heartbeat(MATE, 4, null));
        assertThat(answer.promisedTerm()).isEqualTo(4);
        assertThat(answer.primaryTerm()).isEqualTo(4);
        second = 5;
        take(4, answer.token());
        second = 7;
        assertThat(lease.end(now()))
                .as("a majority: itself and one that confirms second 2")
                .isNull();
        second = 8;
        assertThat(lease.end(now())).contains("confirmed term 4");
    }

    @Test
    void aTokenThatItNeverGaveLengthensNothing() throws Exception {
        second = 5;
        take(4, 4711L);
        second = 6;
        assertThat(lease.end(now())).isNotNull();
    }

    @Test
    void aHigherPromiseEndsTheLeaseAtOnce() throws Exception {
        assertThat(take(5, null).promisedTerm()).isEqualTo(4);
        assertThat(lease.end(now())).contains("orders-s0-1 has promised term 5");
        assertThat(lease.remaining(now())).isZero();
    }

    @Test
    void withoutAReadablePromiseItDoesNotAnswerAndHearsAllTheSame(@TempDir Path volume) throws Exception {
        Files.writeString(volume.resolve("promise.json"), "{\"te");
        stored = () -> StoredState.read(new Volume(volume));
        assertThatThrownBy(() -> take(5, null)).isInstanceOf(UnreadableFileException.class);
        assertThat(lease.end(now())).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({
        "shop, orders, uid, s0, orders-s0-1, true",
        "shop, orders, uid, s0, orders-s0-0, false",
        "shop, orders, uid, s1, orders-s1-1, false",
        "shop, orders, other, s0, orders-s0-1, false",
        "shop, carts, uid, s0, carts-s0-1, false",
        "bank, orders, uid, s0, orders-s0-1, false"
    })
    void isForTheShardsOtherInstancesAlone(
            String namespace, String cluster, String uid, String shard, String instance, boolean admitted) {
        InstanceIdentity from = new InstanceIdentity(namespace, cluster, uid, shard, instance);
        assertThat(desk.complaint(new Heartbeat(from, 4, null)).isEmpty()).isEqualTo(admitted);
    }
}
