package io.pgmosaic.local.platform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A PostgreSQL on this machine.
 *
 * @param version major version
 * @param bin folder of {@code postgres}, {@code initdb}, {@code pg_basebackup}, {@code pg_rewind}, {@code pg_dump}
 */
public record PostgresInstallation(int version, Path bin) {
    private static final int OLDEST = 15;
    private static final int NEWEST = 18;
    private static final Pattern VERSION = Pattern.compile("\\(PostgreSQL\\) (\\d+)");
    private static final List<String> PROGRAMS =
            List.of("postgres", "initdb", "pg_basebackup", "pg_rewind", "pg_dump", "pg_restore");

    /** Every supported PostgreSQL of this machine, newest first. */
    public static List<PostgresInstallation> all() {
        List<Path> folders = new ArrayList<>();
        Commands.find("postgres").map(Path::getParent).ifPresent(folders::add);
        Path debian = Path.of("/usr/lib/postgresql");
        if (Files.isDirectory(debian)) {
            try (Stream<Path> versions = Files.list(debian)) {
                versions.map(version -> version.resolve("bin")).forEach(folders::add);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot list " + debian, e);
            }
        }
        return folders.stream()
                .flatMap(folder -> read(folder).stream())
                .sorted(Comparator.comparingInt(PostgresInstallation::version).reversed())
                .toList();
    }

    /** The PostgreSQL of one major version. */
    public static Optional<PostgresInstallation> find(int version) {
        return all().stream().filter(found -> found.version() == version).findFirst();
    }

    /**
     * The newest PostgreSQL of this machine; root installs Debian's when there is none.
     *
     * @throws MissingRequirement saying what to install
     */
    public static PostgresInstallation newest() {
        List<PostgresInstallation> found = all();
        if (found.isEmpty() && Account.isRoot() && Commands.find("apt-get").isPresent()) {
            installWithApt();
            found = all();
        }
        return found.stream()
                .findFirst()
                .orElseThrow(() -> new MissingRequirement("no PostgreSQL " + OLDEST + " to " + NEWEST
                        + " found on the PATH or in /usr/lib/postgresql: install the Debian package postgresql"));
    }

    /** Debian's package would start a server of its own; the setting keeps it from doing so. */
    private static void installWithApt() {
        String script = """
                mkdir -p /etc/postgresql-common/createcluster.d
                echo 'create_main_cluster = false' > /etc/postgresql-common/createcluster.d/pgmosaic.conf
                export DEBIAN_FRONTEND=noninteractive
                apt-get update -q && apt-get install -q -y --no-install-recommends postgresql
                """;
        Commands.Result result = Commands.run(List.of("sh", "-ec", script));
        if (result.exitCode() != 0) {
            throw new MissingRequirement("apt-get could not install postgresql: "
                    + result.output().strip().lines().reduce("", (before, line) -> line));
        }
    }

    private static Optional<PostgresInstallation> read(Path folder) {
        if (!PROGRAMS.stream().allMatch(program -> Files.isExecutable(folder.resolve(program)))) {
            return Optional.empty();
        }
        Matcher version = VERSION.matcher(
                Commands.output(List.of(folder.resolve("postgres").toString(), "--version")));
        if (!version.find()) {
            return Optional.empty();
        }
        int major = Integer.parseInt(version.group(1));
        return major < OLDEST || major > NEWEST
                ? Optional.empty()
                : Optional.of(new PostgresInstallation(major, folder));
    }
}
