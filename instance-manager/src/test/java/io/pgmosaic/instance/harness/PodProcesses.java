package io.pgmosaic.instance.harness;

import io.pgmosaic.protocol.instance.InstanceIdentity;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The processes of one pod: how they are started, and how they end. */
final class PodProcesses {
    private final TestShard shard;
    private final InstanceIdentity identity;
    private final String address;
    private final Path home;
    private final Path volume;
    final Map<String, String> extraEnvironment = new HashMap<>();
    final List<String> wrapper = new ArrayList<>();
    private final List<Process> started = new ArrayList<>();
    private @Nullable Process process;

    PodProcesses(TestShard shard, InstanceIdentity identity, String address, Path home, Path volume) {
        this.shard = shard;
        this.identity = identity;
        this.address = address;
        this.home = home;
        this.volume = volume;
    }

    Process process() {
        return Objects.requireNonNull(process);
    }

    /** Starts the process. */
    void launch() throws IOException {
        List<String> line = new ArrayList<>(wrapper);
        line.addAll(Sandbox.unprivileged(List.of(shard.launcher().toString())));
        ProcessBuilder builder = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(home.resolve("log").toFile()));
        builder.environment().clear();
        builder.environment().putAll(environment());
        process = builder.start();
        started.add(process);
    }

    Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(Map.of(
                "PATH", "/usr/sbin:/usr/bin:/sbin:/bin",
                "JAVA_HOME", System.getProperty("java.home"),
                "PGMOSAIC_NAMESPACE", identity.namespace(),
                "PGMOSAIC_CLUSTER", identity.cluster(),
                "PGMOSAIC_CLUSTER_UID", identity.clusterUid(),
                "PGMOSAIC_SHARD", identity.shard(),
                "PGMOSAIC_INSTANCE", identity.instance(),
                "PGMOSAIC_ADDRESS", address,
                "PGMOSAIC_VOLUME", volume.toString(),
                "PGMOSAIC_RUN_DIR", home.resolve("run").toString()));
        environment.putAll(Map.of(
                "PGMOSAIC_TLS_DIR", home.resolve("tls").toString(),
                "PGMOSAIC_CREDENTIALS_DIR", home.resolve("credentials").toString(),
                "PGMOSAIC_POSTGRES_PORT", Integer.toString(TestManager.PORT),
                "PGMOSAIC_MANAGER_PORT", "8443",
                "PGMOSAIC_HEALTH_PORT", "8008",
                "PGMOSAIC_POSTGRES_BIN", Sandbox.postgresBin().toString()));
        environment.putAll(extraEnvironment);
        return environment;
    }

    /** Process ids of PostgreSQL's programs that work in this volume. */
    List<Long> postgresProcesses() throws IOException {
        List<Long> found = new ArrayList<>();
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            for (Path candidate : processes
                    .filter(path -> path.getFileName().toString().matches("[0-9]+"))
                    .toList()) {
                Path directory;
                try {
                    directory = Files.readSymbolicLink(candidate.resolve("cwd"));
                } catch (IOException gone) {
                    continue;
                }
                if (directory.startsWith(volume)) {
                    found.add(Long.parseLong(candidate.getFileName().toString()));
                }
            }
        }
        return found;
    }

    /** SIGKILL to the manager and to everything that works in its volume, as the end of a node would. */
    void killEverything() throws IOException {
        // Frozen first, all of them: a program that sees its child die would tidy up, which the end of a node does not.
        freeze();
        for (Process each : started) {
            // A wrapper's end does not end what it wrapped.
            each.descendants().forEach(ProcessHandle::destroyForcibly);
            each.destroyForcibly().onExit().join();
        }
        for (long pid : postgresProcesses()) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> postgresProcesses().isEmpty());
    }

    private void freeze() throws IOException {
        List<Long> processes = postgresProcesses();
        if (!processes.isEmpty()) {
            List<String> command = new ArrayList<>(List.of("kill", "-STOP"));
            processes.forEach(pid -> command.add(Long.toString(pid)));
            new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .onExit()
                    .join();
        }
    }

    /** SIGTERM; gives back the exit code. */
    int terminate() throws InterruptedException {
        process().destroy();
        assertThat(process().waitFor(40, TimeUnit.SECONDS)).isTrue();
        return process().exitValue();
    }
}
