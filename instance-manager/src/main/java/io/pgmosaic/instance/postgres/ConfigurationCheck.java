package io.pgmosaic.instance.postgres;

import io.pgmosaic.instance.volume.DurableFiles;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Lets the real server binary read a configuration before anything depends on it: {@code postgres -C} parses the file,
 * checks every name and value, prints one setting and ends. So a value that the server would refuse is found while the old
 * configuration is still in place, for parameters that need a restart too.
 */
public final class ConfigurationCheck {
    private static final Pattern PREFIX = Pattern.compile("^.*?\\b(LOG|WARNING|ERROR|FATAL|HINT|DETAIL):\\s+");

    private final Programs programs;
    private final Path directory;

    /** @param directory for the file to check */
    public ConfigurationCheck(Programs programs, Path directory) {
        this.programs = programs;
        this.directory = directory;
    }

    /** @return what PostgreSQL says against the text; empty when it accepts it */
    public synchronized Optional<String> complaint(String text) throws IOException, InterruptedException {
        Path candidate = directory.resolve("candidate.conf");
        DurableFiles.replace(candidate, text.getBytes(StandardCharsets.UTF_8));
        try {
            programs.run(
                    "postgres",
                    List.of("-D", directory.toString(), "--config-file=" + candidate, "-C", "port"),
                    "",
                    new Cancellation(),
                    line -> {});
            return Optional.empty();
        } catch (ProgramFailedException e) {
            return Optional.of(e.output()
                    .lines()
                    .map(line -> PREFIX.matcher(line).replaceFirst(""))
                    .filter(line -> !line.startsWith("skipping missing") && !line.startsWith("configuration file"))
                    .map(line -> line.replace(" in file \"" + candidate + "\"", ""))
                    .collect(Collectors.joining("; ")));
        } finally {
            Files.deleteIfExists(candidate);
        }
    }
}
