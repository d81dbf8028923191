package io.pgmosaic.local.platform;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

final class SpawnerTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Spawner spawner = new Spawner();
    private final Account account = Account.detect();
    private Path folder = Path.of("/");

    @BeforeEach
    void makeFolder() {
        folder = StateFolder.open("spawner-test-" + ProcessHandle.current().pid());
    }

    @AfterEach
    void end() {
        spawner.close();
        StateFolder.delete(folder);
    }

    @Test
    void theWholeFamilyEndsWithItsLeaderAlsoThoseThatLeftItsSession() throws Exception {
        ProcessFamily family = start("sleep 300 & setsid sh -c 'sleep 301; true' & echo up; exec sleep 302");
        await().atMost(LIMIT).until(() -> family.members().size() == 4);
        Set<Long> members = family.members();

        int code = family.stop(Duration.ofSeconds(5));

        assertThat(code).isEqualTo(128 + 15);
        assertThat(members).hasSize(4).noneMatch(SpawnerTest::isAlive);
    }

    @Test
    void oneThatIgnoresTheRequestIsKilledAfterItsTime() throws Exception {
        ProcessFamily family = start("trap '' TERM; echo deaf; while true; do sleep 1; done");
        await().atMost(LIMIT).until(() -> Files.readString(log()).contains("deaf"));
        assertThat(family.stop(Duration.ofMillis(100))).isEqualTo(128 + 9);
        assertThat(family.members()).isEmpty();
    }

    @Test
    void rootDoesNotRunPods() throws Exception {
        ProcessFamily family = start("id -u");
        assertThat(family.waitForEnd()).isZero();
        assertThat(Files.readString(log()).strip()).isNotEqualTo("0");
    }

    @Test
    void nothingOutlivesItsStarter() throws Exception {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Process starter = new ProcessBuilder(
                        java.toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Orphanage.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("starter.log").toFile())
                .start();
        try {
            await().atMost(LIMIT).until(() -> Files.exists(folder.resolve("pids")));
            List<Long> pids = Files.readAllLines(folder.resolve("pids")).stream()
                    .map(Long::parseLong)
                    .toList();
            assertThat(pids).hasSize(2).allMatch(SpawnerTest::isAlive);

            starter.destroyForcibly().waitFor();

            await().atMost(LIMIT).untilAsserted(() -> assertThat(pids).noneMatch(SpawnerTest::isAlive));
        } finally {
            starter.destroyForcibly();
        }
    }

    /** Starts two families, stops the first again, writes the ids of what runs, and waits to be killed. */
    static final class Orphanage {
        private Orphanage() {}

        public static void main(String[] arguments) throws Exception {
            Path folder = Path.of(arguments[0]);
            Account account = Account.detect();
            Spawner spawner = new Spawner();
            ProcessFamily ended = spawner.start(launch(folder, "exec sleep 303"), account);
            ProcessFamily family = spawner.start(launch(folder, "sleep 304 & exec sleep 305"), account);
            ended.stop(Duration.ofSeconds(5));
            while (family.members().size() < 2) {
                Thread.onSpinWait();
            }
            Path next = folder.resolve("pids-next");
            Files.write(next, family.members().stream().map(String::valueOf).toList());
            Files.move(next, folder.resolve("pids"));
            new java.util.concurrent.CountDownLatch(1).await();
        }
    }

    private ProcessFamily start(String script) throws IOException {
        return spawner.start(launch(folder, script), account);
    }

    private Path log() {
        return folder.resolve("log");
    }

    private static Spawner.Launch launch(Path folder, String script) {
        return new Spawner.Launch(
                List.of("sh", "-c", script), Map.of("PATH", "/usr/bin:/bin"), folder, folder.resolve("log"));
    }

    private static boolean isAlive(long pid) {
        return Processes.alive().contains(pid);
    }
}
