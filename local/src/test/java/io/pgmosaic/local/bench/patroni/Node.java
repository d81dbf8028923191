package io.pgmosaic.local.bench.patroni;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.pgmosaic.local.bench.gap.Server;
import io.pgmosaic.local.platform.ProcessFamily;
import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Patroni and its PostgreSQL at one address. */
final class Node {
    private static final int POSTGRES_PORT = 15432;
    private static final int REST_PORT = 18008;
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final Machine machine;
    private final int number;
    private final Credentials credentials;
    private final Path folder;
    private @Nullable ProcessFamily running;

    Node(Machine machine, int number, Timing timing, Credentials credentials) {
        this.machine = machine;
        this.number = number;
        this.credentials = credentials;
        folder = machine.newFolder(name());
        machine.write(configuration(), render(timing));
    }

    String name() {
        return "node" + number;
    }

    /** Its PostgreSQL for the superuser. */
    Server server() {
        return new Server(name(), host(), POSTGRES_PORT, "postgres", credentials.superuser());
    }

    /** Its REST API. */
    URI rest() {
        return URI.create("http://" + host() + ":" + REST_PORT);
    }

    void start() {
        running = machine.start(List.of("patroni", configuration().toString()), folder);
    }

    /** Kills every process of the node at once and waits until they are gone. */
    void kill() throws InterruptedException {
        ProcessFamily family = Objects.requireNonNull(running, "not started");
        family.kill();
        family.waitForEnd();
    }

    /** Asks Patroni to end, which ends PostgreSQL first. */
    void stop() throws InterruptedException {
        if (running != null) {
            running.stop(GRACE);
        }
    }

    private String host() {
        return "127.0.20." + number;
    }

    private Path configuration() {
        return folder.resolve("patroni.yml");
    }

    /** JSON is YAML, too. */
    private String render(Timing timing) {
        Map<String, Object> dynamic = Map.of(
                "ttl", timing.ttl(),
                "loop_wait", timing.loopWait(),
                "retry_timeout", timing.retryTimeout(),
                "synchronous_mode", true,
                "postgresql", Map.of("use_pg_rewind", true, "use_slots", true));
        Map<String, Object> postgresql = Map.of(
                "listen", host() + ":" + POSTGRES_PORT,
                "connect_address", host() + ":" + POSTGRES_PORT,
                "data_dir", folder.resolve("data").toString(),
                "bin_dir", machine.postgresBin().toString(),
                "pgpass", folder.resolve("pgpass").toString(),
                "authentication", credentials.authentication(),
                "parameters", Map.of("unix_socket_directories", folder.toString()),
                "pg_hba",
                        List.of(
                                "host all all 127.0.0.0/8 scram-sha-256",
                                "host replication all 127.0.0.0/8 scram-sha-256"));
        Map<String, Object> configuration = Map.of(
                "scope", "bench",
                "name", name(),
                "restapi", Map.of("listen", host() + ":" + REST_PORT, "connect_address", host() + ":" + REST_PORT),
                "etcd3", Map.of("host", Etcd.address()),
                "bootstrap", Map.of("dcs", dynamic, "initdb", List.of("data-checksums", Map.of("encoding", "UTF8"))),
                "postgresql", postgresql);
        try {
            return new JsonMapper().writeValueAsString(configuration);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot render the configuration", e);
        }
    }
}
