package io.pgmosaic.instance;

import io.pgmosaic.instance.harness.TestManager;
import io.pgmosaic.instance.harness.TestShard;
import io.pgmosaic.protocol.Json;
import io.pgmosaic.protocol.instance.Heartbeat;
import io.pgmosaic.protocol.instance.InstanceCommand;
import io.pgmosaic.protocol.instance.InstanceIdentity;
import io.pgmosaic.protocol.instance.InstanceStatus;
import io.pgmosaic.protocol.instance.PostgresConfiguration;
import io.pgmosaic.protocol.instance.PostgresConfiguration.Lease;
import io.pgmosaic.protocol.instance.PostgresState.ServerState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A primary that nobody confirms ends by itself. */
final class FencingTest {
    private static final String LOST = "neither the operator nor a majority of the shard confirmed term 4";

    private TestShard shard;
    private TestManager primary;

    @BeforeEach
    void open() throws IOException {
        shard = new TestShard();
        primary = shard.manager(0).start();
    }

    @AfterEach
    void close() throws IOException {
        shard.close();
    }

    private static PostgresConfiguration configuration(long sequence, List<String> slots, Lease lease) {
        return new PostgresConfiguration(sequence, Map.of(), "", slots, true, lease);
    }

    private void bootstrap(Lease lease, List<String> slots) {
        primary.make(primary.bootstrap(4, configuration(1, slots, lease)));
    }

    private InstanceStatus confirm(InstanceStatus last) {
        return primary.status(
                "term=4&token=" + Objects.requireNonNull(last.lease()).token());
    }

    @Test
    void endsWhenNothingConfirmsItAndNotBefore() throws Exception {
        bootstrap(Lease.none(), List.of());
        assertThat(primary.status().lease()).isNull();
        primary.make(primary.configure(4, configuration(2, List.of(), new Lease(20_000, 3))));
        InstanceStatus confirmed = confirm(primary.status());
        assertThat(Objects.requireNonNull(confirmed.lease()).remainingMillis()).isBetween(10_000L, 20_000L);
        primary.make(primary.configure(4, configuration(3, List.of(), new Lease(2000, 3))));
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        InstanceStatus last = confirm(confirmed);
        while (System.nanoTime() < until) {
            last = confirm(last);
            assertThat(last.postgres().state()).isEqualTo(ServerState.RUNNING);
        }
        long silent = System.nanoTime();
        InstanceStatus stopped = primary.awaitStatus(status -> status.postgres().state() == ServerState.STOPPED);
        assertThat(Duration.ofNanos(System.nanoTime() - silent)).isGreaterThan(Duration.ofMillis(1500));
        assertThat(stopped.postgres().message()).startsWith("stopped itself: for 2.0 s " + LOST);
        assertThat(Objects.requireNonNull(stopped.lease()).remainingMillis()).isZero();
        await().until(() -> primary.postgresProcesses().isEmpty());
        primary.make(new InstanceCommand.Resume(
                primary.identity(),
                4,
                Objects.requireNonNull(stopped.data().systemIdentifier()),
                configuration(4, List.of(), new Lease(20_000, 3))));
        InstanceStatus again = primary.status();
        assertThat(again.postgres().state()).isEqualTo(ServerState.RUNNING);
        assertThat(again.postgres().message()).isNull();
        assertThat(Objects.requireNonNull(again.lease()).remainingMillis()).isPositive();
    }

    @Test
    void aStandbyKeepsItGoingAndHearsWhenItIsGone() throws Exception {
        TestManager standby = shard.manager(1).start();
        bootstrap(new Lease(20_000, 3), List.of(standby.slot()));
        String system = Objects.requireNonNull(primary.status().data().systemIdentifier());
        standby.make(standby.follow(4, primary, system, configuration(1, List.of(), Lease.none())));
        standby.awaitStatus(
                status -> status.upstream() != null && status.upstream().silenceMillis() != null);
        primary.make(primary.configure(4, configuration(2, List.of(standby.slot()), new Lease(3000, 3))));
        await().during(Duration.ofSeconds(6))
                .atMost(Duration.ofSeconds(12))
                .until(() -> primary.status().postgres().state() == ServerState.RUNNING);
        assertThat(Objects.requireNonNull(standby.status().upstream()).silenceMillis())
                .isLessThan(3000L);

        InstanceStatus seen = standby.status();
        primary.killEverything();
        InstanceStatus told = standby.status("waitMillis=5000&seen=" + seen.bootId() + ":" + seen.changes());
        assertThat(told.changes()).isGreaterThan(seen.changes());
        standby.awaitStatus(status -> Objects.requireNonNull(status.upstream()).refused());
    }

    @Test
    void aPeerThatPromisedMoreEndsIt() throws Exception {
        bootstrap(new Lease(30_000, 3), List.of());
        var certificate = shard.authority().server(List.of(TestShard.HOST), List.of());
        HttpClient mate = TestManager.client(certificate, shard.authority());
        InstanceIdentity other = shard.manager(2).identity();
        Heartbeat.Answer answer =
                Json.read(primary.heartbeat(mate, new Heartbeat(other, 4, null)).body(), Heartbeat.Answer.class);
        assertThat(answer.promisedTerm()).isEqualTo(4);
        assertThat(answer.primaryTerm()).isEqualTo(4);
        assertThat(primary.status().postgres().state()).isEqualTo(ServerState.RUNNING);
        assertThat(primary.heartbeat(mate, new Heartbeat(other, 5, answer.token()))
                        .statusCode())
                .isEqualTo(200);
        InstanceStatus stopped = primary.awaitStatus(status -> status.postgres().state() == ServerState.STOPPED);
        assertThat(stopped.postgres().message()).startsWith("stopped itself: orders-s0-2 has promised term 5");
    }

    @Test
    void takesHeartbeatsOfItsShardOnly() throws Exception {
        InstanceIdentity self = primary.identity();
        InstanceIdentity mate = shard.manager(2).identity();
        HttpClient sameShard =
                TestManager.client(shard.authority().server(List.of(TestShard.HOST), List.of()), shard.authority());
        HttpClient otherShard = TestManager.client(
                shard.authority().server(List.of("orders-s1.shop.svc"), List.of()), shard.authority());
        HttpClient operator = TestManager.client(shard.authority().client("O=pgmosaic,CN=operator"), shard.authority());
        Heartbeat heartbeat = new Heartbeat(mate, 9, null);
        assertThat(primary.heartbeat(operator, heartbeat).statusCode()).isEqualTo(403);
        assertThat(primary.heartbeat(otherShard, heartbeat).statusCode()).isEqualTo(403);
        assertThat(primary.get(sameShard).statusCode()).isEqualTo(403);
        assertThat(primary.heartbeat(sameShard, heartbeat).statusCode()).isEqualTo(200);
        for (InstanceIdentity stranger : List.of(
                self,
                new InstanceIdentity("shop", "orders", "uid-2", "s0", "orders-s0-2"),
                new InstanceIdentity("shop", "orders", "uid-1", "s1", "orders-s1-0"))) {
            assertThat(primary.heartbeat(sameShard, new Heartbeat(stranger, 9, null))
                            .statusCode())
                    .isEqualTo(403);
        }
        assertThat(primary.post("/v1/heartbeat", new byte[] {'{'}).statusCode()).isEqualTo(403);
    }

    @Test
    void afterAPauseLongerThanItsLeaseItIsGoneAtOnce() throws Exception {
        bootstrap(new Lease(3000, 3), List.of());
        List<Long> processes = new ArrayList<>(primary.postgresProcesses());
        processes.add(primary.process().pid());
        signal("STOP", processes);
        try {
            TimeUnit.MILLISECONDS.sleep(4000);
        } finally {
            signal("CONT", processes);
        }
        long awake = System.nanoTime();
        await().pollInterval(Duration.ofMillis(10))
                .until(() -> primary.postgresProcesses().isEmpty());
        assertThat(Duration.ofNanos(System.nanoTime() - awake)).isLessThan(Duration.ofSeconds(2));
        assertThat(primary.status().postgres().message()).contains(LOST);
    }

    private static void signal(String name, List<Long> processes) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("kill", "-" + name));
        processes.forEach(pid -> command.add(Long.toString(pid)));
        assertThat(new ProcessBuilder(command).start().waitFor()).isZero();
    }

    @Test
    void whoWaitsIsToldAtOnceThatPostgresDied() throws Exception {
        bootstrap(Lease.none(), List.of());
        InstanceStatus settled = primary.status();
        long begun = System.nanoTime();
        assertThat(primary.status("waitMillis=300&seen=" + settled.bootId() + ":" + settled.changes())
                        .changes())
                .isEqualTo(settled.changes());
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(Duration.ofMillis(300));

        List<CompletableFuture<InstanceStatus>> waiting = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            waiting.add(CompletableFuture.supplyAsync(
                    () -> primary.status("waitMillis=5000&seen=" + settled.bootId() + ":" + settled.changes()),
                    runnable -> Thread.ofVirtual().start(runnable)));
        }
        // More of them than there are threads for commands.
        HttpResponse<byte[]> meanwhile = primary.send(primary.configure(3, configuration(2, List.of(), Lease.none())));
        assertThat(meanwhile.statusCode()).isEqualTo(409);
        long postmaster = Long.parseLong(
                Files.readAllLines(primary.data().resolve("postmaster.pid")).getFirst());
        ProcessHandle.of(postmaster).orElseThrow().destroyForcibly();
        for (CompletableFuture<InstanceStatus> each : waiting) {
            assertThat(each.get(4, TimeUnit.SECONDS).postgres().state()).isEqualTo(ServerState.CRASHED);
        }
    }
}
