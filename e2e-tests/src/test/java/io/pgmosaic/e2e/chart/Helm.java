package io.pgmosaic.e2e.chart;

import io.pgmosaic.e2e.Checkout;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The real helm on the chart of this checkout, without any cluster. */
final class Helm {
    static final Path CHART = Checkout.root().resolve("helm/pgmosaic");
    static final String RELEASE = "release";
    static final String NAMESPACE = "operators";

    /** The first time it may have to be fetched. */
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private static @Nullable Outcome found;

    /**
     * How a program ended.
     *
     * @param output what it printed, except what it complained about
     */
    record Outcome(int code, String output, String complaints) {}

    private Helm() {}

    static Outcome lint(String... values) {
        return run(Stream.concat(Stream.of("lint", "--strict", CHART.toString()), Stream.of(values)));
    }

    /** What an installation with these values would send to the API server; fails the test when there is no such thing. */
    static Manifests render(String... values) {
        Outcome rendered = template(values);
        if (rendered.code() != 0) {
            throw new AssertionError("helm template failed: " + rendered.complaints());
        }
        return Manifests.parse(rendered.output());
    }

    /** As {@link #render}, whatever comes of it. */
    static Outcome template(String... values) {
        return run(Stream.concat(
                Stream.of("template", RELEASE, CHART.toString(), "--namespace", NAMESPACE), Stream.of(values)));
    }

    /** What helm says to a person who has installed the chart. */
    static String notes(String... values) {
        Outcome installed = run(Stream.concat(
                Stream.of("install", RELEASE, CHART.toString(), "--namespace", NAMESPACE, "--dry-run=client"),
                Stream.of(values)));
        int notes = installed.output().indexOf("\nNOTES:\n");
        if (installed.code() != 0 || notes < 0) {
            throw new AssertionError("helm printed no notes: " + installed.complaints());
        }
        return installed.output().substring(notes);
    }

    private static Outcome run(Stream<String> arguments) {
        List<String> command = new ArrayList<>(List.of(program()));
        arguments.forEach(command::add);
        return run(command);
    }

    private static synchronized String program() {
        if (found == null) {
            found = run(List.of(
                    "bash", Checkout.root().resolve("scripts/fetch-tool").toString(), "helm"));
        }
        if (found.code() != 0) {
            throw new AssertionError("the chart is tested with the real helm. " + found.complaints());
        }
        return found.output().strip();
    }

    /** Runs a program with neither the cluster nor the settings of whoever runs the tests. */
    static Outcome run(List<String> command) {
        try {
            Path folder = Files.createTempDirectory("helm");
            Path output = folder.resolve("output");
            Path complaints = folder.resolve("complaints");
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectOutput(output.toFile()).redirectError(complaints.toFile());
            builder.environment().keySet().removeIf(name -> name.startsWith("HELM_"));
            builder.environment()
                    .putAll(Map.of("KUBECONFIG", folder.resolve("none").toString()));
            Process process = builder.start();
            try {
                boolean ended = process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS);
                return new Outcome(
                        ended ? process.exitValue() : -1, Files.readString(output), Files.readString(complaints));
            } finally {
                process.destroyForcibly();
                Files.delete(output);
                Files.delete(complaints);
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + command.getFirst(), e);
        }
    }
}
