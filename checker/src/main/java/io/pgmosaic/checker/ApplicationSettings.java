package io.pgmosaic.checker;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * From the environment: {@code PGMOSAIC_ROUTER_URL}, {@code PGUSER}, {@code PGPASSWORD}, {@code PGDATABASE} and
 * {@code PGSSLROOTCERT} as everywhere; {@code CHECKER_SHARDS}, names with commas between; and, with defaults,
 * {@code CHECKER_CLIENTS} of each shard, {@code CHECKER_THINK_MILLIS} at most between two things that a client does, and
 * {@code CHECKER_STOP}, the file that ends it.
 */
record ApplicationSettings(
        URI router, Access access, List<String> shards, int clientsPerShard, Duration longestThought, Path stop) {

    static ApplicationSettings of(Map<String, String> environment) {
        return new ApplicationSettings(
                URI.create(required(environment, "PGMOSAIC_ROUTER_URL")),
                new Access(
                        required(environment, "PGUSER"),
                        required(environment, "PGPASSWORD"),
                        required(environment, "PGDATABASE"),
                        Path.of(required(environment, "PGSSLROOTCERT"))),
                List.of(required(environment, "CHECKER_SHARDS").split(",")),
                Integer.parseInt(environment.getOrDefault("CHECKER_CLIENTS", "2")),
                Duration.ofMillis(Long.parseLong(environment.getOrDefault("CHECKER_THINK_MILLIS", "40"))),
                Path.of(environment.getOrDefault("CHECKER_STOP", "/tmp/stop")));
    }

    private static String required(Map<String, String> environment, String name) {
        return Objects.requireNonNull(environment.get(name), () -> "set " + name);
    }
}
