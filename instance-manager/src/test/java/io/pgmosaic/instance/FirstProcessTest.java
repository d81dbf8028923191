package io.pgmosaic.instance;

import io.pgmosaic.instance.harness.Sandbox;
import io.pgmosaic.instance.harness.TestManager;
import io.pgmosaic.instance.harness.TestShard;
import io.pgmosaic.protocol.instance.InstanceCommand;
import io.pgmosaic.protocol.instance.PostgresConfiguration;
import io.pgmosaic.protocol.instance.PostgresState.ServerState;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** The manager as process 1 of a process namespace, as in a container: orphans become its children. */
final class FirstProcessTest {

    @Test
    void reapsOrphansAndEndsCleanly() throws Exception {
        assumeTrue(canUnshare(), "needs the right to make a process namespace (root)");
        try (TestShard shard = new TestShard()) {
            TestManager manager = shard.manager(0);
            manager.wrapper().addAll(List.of("unshare", "--pid", "--fork", "--mount-proc", "--kill-child"));
            manager.start();
            long first = child(manager.process().pid());
            assertThat(status(first, "NSpid")).endsWith("\t1");
            manager.make(manager.bootstrap(1, new PostgresConfiguration(1, Map.of(), "", List.of(), true)));

            // Its child exits at once and leaves a grandchild, which ends later and has nobody but process 1.
            orphan(first);
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> commands(first).stream().noneMatch(command -> command.startsWith("sleep")));
            assertThat(zombies(first)).isEmpty();

            // A killed postmaster leaves its backends to process 1; the server can start again only when they are gone.
            long postmaster = postmaster(first);
            ProcessHandle.of(postmaster).orElseThrow().destroyForcibly();
            manager.awaitStatus(status -> status.postgres().state() == ServerState.CRASHED);
            String system = Objects.requireNonNull(manager.status().data().systemIdentifier());
            manager.make(new InstanceCommand.Resume(
                    manager.identity(), 1, system, new PostgresConfiguration(2, Map.of(), "", List.of(), true)));
            await().atMost(Duration.ofSeconds(10)).until(() -> zombies(first).isEmpty());

            ProcessHandle.of(first).orElseThrow().destroy();
            assertThat(manager.process().waitFor(40, TimeUnit.SECONDS)).isTrue();
            assertThat(manager.process().exitValue()).isZero();
            assertThat(Sandbox.run("pg_controldata", manager.data().toString()))
                    .containsPattern("Database cluster state: +shut down\n");
        }
    }

    private static boolean canUnshare() throws IOException, InterruptedException {
        Process probe = new ProcessBuilder("unshare", "--pid", "--fork", "--mount-proc", "true").start();
        return probe.waitFor() == 0;
    }

    private static void orphan(long first) throws IOException, InterruptedException {
        Process entered = new ProcessBuilder(
                        "nsenter", "--target", Long.toString(first), "--pid", "sh", "-c", "(sleep 4 &) ; exit 0")
                .start();
        assertThat(entered.waitFor()).isZero();
        // Entered processes keep their parent outside, so the orphan's new parent is the namespace's process 1.
        await().atMost(Duration.ofSeconds(3))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> commands(first).stream().anyMatch(command -> command.startsWith("sleep")));
    }

    private static long child(long parent) {
        return ProcessHandle.of(parent)
                .orElseThrow()
                .children()
                .findFirst()
                .orElseThrow()
                .pid();
    }

    private static long postmaster(long first) {
        return ProcessHandle.of(first)
                .orElseThrow()
                .descendants()
                .filter(process -> process.info().command().orElse("").endsWith("/postgres"))
                .filter(process -> process.children().findAny().isPresent())
                .findFirst()
                .orElseThrow()
                .pid();
    }

    private static List<String> commands(long first) throws IOException {
        List<String> commands = new ArrayList<>();
        for (ProcessHandle process :
                ProcessHandle.of(first).orElseThrow().children().toList()) {
            commands.add(status(process.pid(), "Name"));
        }
        return commands;
    }

    private static List<Long> zombies(long first) throws IOException {
        List<Long> zombies = new ArrayList<>();
        for (ProcessHandle process :
                ProcessHandle.of(first).orElseThrow().descendants().toList()) {
            if (status(process.pid(), "State").startsWith("Z")) {
                zombies.add(process.pid());
            }
        }
        return zombies;
    }

    /** A line of {@code /proc/<pid>/status}; empty when the process is gone. */
    private static String status(long pid, String name) throws IOException {
        Path file = Path.of("/proc/" + pid + "/status");
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(name + ":"))
                    .map(line -> line.substring(name.length() + 2))
                    .findFirst()
                    .orElse("");
        } catch (java.nio.file.NoSuchFileException gone) {
            return "";
        }
    }
}
