package io.pgmosaic.instance.harness;

import io.pgmosaic.instance.volume.DurableFiles;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A temporary directory of a user that PostgreSQL agrees to run as, and the way to run programs as that user. */
public final class Sandbox implements AutoCloseable {
    private static final String USER = "postgres";
    private static final boolean ROOT = "root".equals(System.getProperty("user.name"));

    private final Path root;

    public Sandbox() throws IOException {
        root = Files.createTempDirectory("pgmosaic-manager-");
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
        give(root);
    }

    public Path root() {
        return root;
    }

    public Path directory(String name) throws IOException {
        Path directory = Files.createDirectories(root.resolve(name));
        for (Path path = directory; path != null && !path.equals(root); path = path.getParent()) {
            give(path);
        }
        return directory;
    }

    public void write(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        give(file);
    }

    /** Makes the unprivileged user the owner. */
    public static void give(Path path) throws IOException {
        if (ROOT) {
            UserPrincipal user =
                    path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(USER);
            Files.setOwner(path, user);
        }
    }

    /** The command line that runs {@code command} as the unprivileged user. */
    public static List<String> unprivileged(List<String> command) {
        List<String> line = new ArrayList<>();
        if (ROOT) {
            line.addAll(List.of("setpriv", "--reuid=" + USER, "--regid=" + USER, "--clear-groups"));
        }
        line.addAll(command);
        return line;
    }

    /** Runs one of PostgreSQL's programs and gives back what it printed. */
    public static String run(String program, String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(postgresBin().resolve(program).toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(unprivileged(command))
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException(program + ": " + output);
        }
        return output;
    }

    /** Where PostgreSQL's programs are: on the PATH, else where Debian puts them. */
    public static Path postgresBin() {
        for (String entry : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
            if (!entry.isEmpty() && complete(Path.of(entry))) {
                return Path.of(entry);
            }
        }
        try (Stream<Path> versions = Files.list(Path.of("/usr/lib/postgresql"))) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(Sandbox::complete)
                    .max(java.util.Comparator.naturalOrder())
                    .orElseThrow();
        } catch (IOException e) {
            throw new IllegalStateException("no PostgreSQL server programs: install postgresql", e);
        }
    }

    private static boolean complete(Path bin) {
        return Stream.of("postgres", "initdb", "pg_ctl", "pg_basebackup", "pg_controldata")
                .allMatch(program -> Files.isExecutable(bin.resolve(program)));
    }

    @Override
    public void close() throws IOException {
        DurableFiles.deleteTree(root);
    }
}
