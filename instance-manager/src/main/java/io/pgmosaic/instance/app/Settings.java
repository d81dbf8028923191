package io.pgmosaic.instance.app;

import io.pgmosaic.protocol.instance.InstanceIdentity;
import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * How the manager was started; docs/architecture.md lists the variables.
 *
 * @param address the only address that anything here listens on
 * @param volume the persistent volume
 * @param runDirectory for files that need not survive the pod
 * @param postgresBin directory of {@code postgres}, {@code initdb}, ...
 */
public record Settings(
        InstanceIdentity identity,
        InetAddress address,
        Path volume,
        Path runDirectory,
        Path tlsDirectory,
        Path credentialsDirectory,
        int postgresPort,
        int managerPort,
        int healthPort,
        Path postgresBin) {
    private static final Pattern IP_LITERAL = Pattern.compile("[0-9.]{7,15}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");

    /**
     * @throws BadSettingException naming the first variable that is missing or wrong
     */
    public static Settings from(Map<String, String> environment) throws BadSettingException {
        Reader reader = new Reader(environment);
        return new Settings(
                new InstanceIdentity(
                        reader.name("PGMOSAIC_NAMESPACE"),
                        reader.name("PGMOSAIC_CLUSTER"),
                        reader.text("PGMOSAIC_CLUSTER_UID"),
                        reader.name("PGMOSAIC_SHARD"),
                        reader.name("PGMOSAIC_INSTANCE")),
                reader.address("PGMOSAIC_ADDRESS"),
                reader.directory("PGMOSAIC_VOLUME"),
                reader.path("PGMOSAIC_RUN_DIR"),
                reader.directory("PGMOSAIC_TLS_DIR"),
                reader.directory("PGMOSAIC_CREDENTIALS_DIR"),
                reader.port("PGMOSAIC_POSTGRES_PORT"),
                reader.port("PGMOSAIC_MANAGER_PORT"),
                reader.port("PGMOSAIC_HEALTH_PORT"),
                reader.programs("PGMOSAIC_POSTGRES_BIN"));
    }

    private record Reader(Map<String, String> environment) {
        String text(String variable) throws BadSettingException {
            @Nullable String value = environment.get(variable);
            if (value == null || value.isBlank()) {
                throw new BadSettingException(variable, "is not set");
            }
            return value;
        }

        String name(String variable) throws BadSettingException {
            String value = text(variable);
            if (!NAME.matcher(value).matches()) {
                throw new BadSettingException(variable, "is not a Kubernetes name: '" + value + "'");
            }
            return value;
        }

        InetAddress address(String variable) throws BadSettingException {
            String value = text(variable);
            if (!IP_LITERAL.matcher(value).matches()) {
                throw new BadSettingException(variable, "is not an IP address: '" + value + "'");
            }
            try {
                return InetAddress.getByName(value);
            } catch (UnknownHostException e) {
                throw new BadSettingException(variable, "is not an IP address: '" + value + "'");
            }
        }

        Path directory(String variable) throws BadSettingException {
            Path path = path(variable);
            if (!Files.isDirectory(path)) {
                throw new BadSettingException(variable, "is not an existing directory: '" + path + "'");
            }
            return path;
        }

        Path programs(String variable) throws BadSettingException {
            Path directory = directory(variable);
            for (String program : List.of(
                    "postgres",
                    "initdb",
                    "pg_ctl",
                    "pg_basebackup",
                    "pg_rewind",
                    "pg_controldata",
                    "pg_dump",
                    "pg_restore")) {
                if (!Files.isExecutable(directory.resolve(program))) {
                    throw new BadSettingException(variable, "has no program " + program + ": '" + directory + "'");
                }
            }
            return directory;
        }

        Path path(String variable) throws BadSettingException {
            String value = text(variable);
            try {
                Path path = Path.of(value);
                if (!path.isAbsolute()) {
                    throw new BadSettingException(variable, "is not an absolute path: '" + value + "'");
                }
                return path;
            } catch (InvalidPathException e) {
                throw new BadSettingException(variable, "is not a path: " + e.getMessage());
            }
        }

        int port(String variable) throws BadSettingException {
            String value = text(variable);
            try {
                int port = Integer.parseInt(value);
                if (port >= 1 && port <= 65535) {
                    return port;
                }
            } catch (NumberFormatException e) {
                throw new BadSettingException(variable, "is not a port number: '" + value + "'");
            }
            throw new BadSettingException(variable, "is not a port number: '" + value + "'");
        }
    }
}
