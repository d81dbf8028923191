package io.pgmosaic.local.platform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Short commands of the machine, run to their end. */
public final class Commands {
    private Commands() {}

    /** What a command prints, without the last line break; empty when it fails. */
    public static String output(List<String> command) {
        Result result = run(command);
        return result.exitCode() == 0 ? result.output().strip() : "";
    }

    /** Whether a command ends with exit code 0. */
    public static boolean succeeds(List<String> command) {
        return run(command).exitCode() == 0;
    }

    /** How a command ended, and what it wrote to both of its outputs. */
    public record Result(int exitCode, String output) {}

    /** Runs a command with no input. One that cannot be started counts as failed with code 127, as in a shell. */
    public static Result run(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), output);
        } catch (IOException e) {
            return new Result(127, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException("interrupted while running " + command.getFirst(), e));
        }
    }

    /** The program's file, searched on this process's PATH. */
    public static Optional<Path> find(String program) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("/usr/local/bin:/usr/bin:/bin");
        return Arrays.stream(path.split(":", -1))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Makes sure that a program is there.
     *
     * @throws MissingRequirement naming the Debian package that has it
     */
    public static void require(String program, String debianPackage) {
        if (find(program).isEmpty()) {
            throw new MissingRequirement(program + " is not on the PATH: install the Debian package " + debianPackage);
        }
    }
}
