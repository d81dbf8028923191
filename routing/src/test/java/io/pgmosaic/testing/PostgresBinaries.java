package io.pgmosaic.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where this machine keeps PostgreSQL's programs.
 *
 * @param directory holds {@code postgres}, {@code initdb} and the rest
 */
public record PostgresBinaries(Path directory) {
    private static final Path DEBIAN = Path.of("/usr/lib/postgresql");

    /**
     * The first PostgreSQL on PATH, else the newest of Debian's.
     *
     * @throws IllegalStateException when there is none; the message says what to install
     */
    public static PostgresBinaries find() {
        return find(System.getenv().getOrDefault("PATH", ""), DEBIAN);
    }

    static PostgresBinaries find(String path, Path debian) {
        for (Path candidate : candidates(path, debian)) {
            Path postgres = candidate.resolve("postgres");
            if (Files.isExecutable(postgres)) {
                Path directory = real(postgres).getParent();
                // Debian puts a link to postgres, but not to all of its companions, where PATH finds it.
                if (directory != null && Files.isExecutable(directory.resolve("initdb"))) {
                    return new PostgresBinaries(directory);
                }
            }
        }
        throw new IllegalStateException("PostgreSQL was not found on PATH or in " + debian
                + "/*/bin; install it with: apt-get install postgresql");
    }

    public String program(String name) {
        return directory.resolve(name).toString();
    }

    private static List<Path> candidates(String path, Path debian) {
        List<Path> candidates = new ArrayList<>();
        for (String entry : path.split(File.pathSeparator, -1)) {
            if (!entry.isEmpty()) {
                candidates.add(Path.of(entry));
            }
        }
        if (Files.isDirectory(debian)) {
            try (Stream<Path> versions = Files.list(debian)) {
                versions.sorted(Comparator.comparingInt(PostgresBinaries::major).reversed())
                        .forEach(version -> candidates.add(version.resolve("bin")));
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
        }
        return candidates;
    }

    private static int major(Path version) {
        String name = version.getFileName().toString();
        return name.matches("[0-9]{1,4}") ? Integer.parseInt(name) : 0;
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
