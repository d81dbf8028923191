package io.pgmosaic.e2e.kubernetes;

import io.pgmosaic.e2e.Checkout;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Programs of this checkout and of Kubernetes, run to their end. */
final class Programs {
    private Programs() {}

    /** How a program ended, with all that it printed. */
    record Ended(int code, String output) {}

    /** Runs it from the root of the checkout; what it prints is returned, and shown when it fails the test. */
    static String run(Duration limit, Map<String, String> environment, List<String> command) {
        Ended ended = end(limit, environment, command);
        if (ended.code() != 0) {
            throw new AssertionError(
                    String.join(" ", command) + " ended with " + ended.code() + ":\n" + ended.output());
        }
        return ended.output();
    }

    /** As {@link #run}, however it ends; -1 when it did not end in time and was killed. */
    static Ended end(Duration limit, Map<String, String> environment, List<String> command) {
        try {
            Path output = Files.createTempFile("program", ".out");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(Checkout.root().toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            try {
                boolean inTime = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
                return new Ended(inTime ? process.exitValue() : -1, Files.readString(output));
            } finally {
                process.destroyForcibly();
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + command.getFirst(), e);
        }
    }

    /** Where helm or kubectl is; it may have to be fetched. */
    static String tool(String name) {
        return run(Duration.ofMinutes(5), Map.of(), List.of("scripts/fetch-tool", name))
                .strip();
    }

    static List<String> command(String program, String... arguments) {
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(List.of(arguments));
        return command;
    }
}
