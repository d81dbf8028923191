package io.pgmosaic.instance.lease;

import io.pgmosaic.instance.log.LogLines;
import io.pgmosaic.instance.postgres.Leftovers;
import io.pgmosaic.instance.postgres.Postmaster;
import io.pgmosaic.instance.postgres.Programs;
import io.pgmosaic.protocol.instance.InstanceIdentity;
import io.pgmosaic.protocol.instance.PostgresConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** With a program in PostgreSQL's place that waits to be ended, and a clock that the test sets. */
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class LeaseGuardTest {
    private static final PostgresConfiguration.Lease SIX_SECONDS = new PostgresConfiguration.Lease(6000, 3);

    @TempDir
    Path directory;

    private final Lease lease = new Lease(100);
    private final AtomicLong clock = new AtomicLong();
    private final AtomicInteger changes = new AtomicInteger();
    private Postmaster postmaster;
    private LeaseGuard guard;

    @BeforeEach
    void open() throws IOException {
        Path bin = Files.createDirectory(directory.resolve("bin"));
        program(bin, "postgres", "exec sleep 300");
        program(bin, "pg_ctl", "kill -\"$2\" \"$3\"");
        Programs programs = new Programs(bin, directory);
        postmaster = new Postmaster(
                programs,
                Files.createDirectory(directory.resolve("data")),
                new Leftovers(directory, programs),
                new LogLines(
                        OutputStream.nullOutputStream(),
                        new InstanceIdentity("shop", "orders", "uid", "s0", "orders-s0-0")));
        guard = new LeaseGuard(lease, postmaster, clock::get, changes::incrementAndGet);
    }

    @AfterEach
    void close() throws Exception {
        postmaster.stopAtOnce();
    }

    private static void program(Path bin, String name, String text) throws IOException {
        Path file = Files.writeString(bin.resolve(name), "#!/bin/sh\n" + text + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void serve() throws Exception {
        lease.grant(4, SIX_SECONDS, clock.get());
        postmaster.start();
        guard.start();
    }

    private void passSeconds(int seconds) {
        clock.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    }

    private void awaitStopped() {
        await().atMost(Duration.ofSeconds(20)).until(() -> !postmaster.alive());
    }

    @Test
    void stopsTheServerWhenItsLeaseIsOverAndSaysWhy() throws Exception {
        serve();
        passSeconds(5);
        await().during(Duration.ofMillis(400)).until(postmaster::alive);
        assertThat(guard.reason()).isNull();
        int before = changes.get();
        passSeconds(1);
        awaitStopped();
        assertThat(guard.reason()).startsWith("stopped itself: for 6.0 s");
        await().until(() -> changes.get() > before);
    }

    @Test
    void oneThatDoesNotEndIsKilled() throws Exception {
        program(directory.resolve("bin"), "postgres", "trap '' QUIT; while :; do sleep 1; done");
        serve();
        passSeconds(6);
        awaitStopped();
    }

    @Test
    void aWordThatEndsTheLeaseIsActedUponAtOnce() throws Exception {
        serve();
        lease.hear("orders-s0-1", 5, null, clock.get());
        guard.wake();
        awaitStopped();
        assertThat(guard.reason()).contains("orders-s0-1 has promised term 5");
    }

    @Test
    void aServerThatIsStartedUnderANewLeaseStays() throws Exception {
        serve();
        passSeconds(6);
        awaitStopped();
        lease.grant(4, SIX_SECONDS, clock.get());
        postmaster.start();
        await().atMost(Duration.ofSeconds(10)).until(() -> guard.reason() == null);
        await().during(Duration.ofMillis(400)).until(postmaster::alive);
    }

    @Test
    void withoutALeaseNothingIsStopped() throws Exception {
        lease.grant(4, PostgresConfiguration.Lease.none(), clock.get());
        postmaster.start();
        guard.start();
        passSeconds(1_000_000);
        await().during(Duration.ofMillis(400)).until(postmaster::alive);
    }

    @Test
    void tellsWhenTheServerTakesConnectionsAndWhenItEnded() throws Exception {
        serve();
        await().until(() -> changes.get() == 1);
        long pid = ProcessHandle.current()
                .children()
                .filter(child -> child.info().commandLine().orElse("").contains("sleep 300"))
                .findFirst()
                .orElseThrow()
                .pid();
        Files.writeString(
                directory.resolve("data").resolve("postmaster.pid"),
                pid + "\n" + directory + "\n1\n5432\n\n127.0.0.1\n0\nready   \n");
        await().until(() -> changes.get() == 2);
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        await().until(() -> changes.get() == 3);
    }
}
