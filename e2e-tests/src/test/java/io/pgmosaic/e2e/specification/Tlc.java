package io.pgmosaic.e2e.specification;

import io.pgmosaic.e2e.Checkout;
import tlc2.TLC;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Runs the model checker, in a process of its own: it keeps its state in static fields and ends its JVM. */
final class Tlc {
    private static final Path SPECIFICATION = Checkout.root().resolve("docs/spec");
    private static final Pattern GENERATED =
            Pattern.compile("(?m)^([\\d,]+) states generated, ([\\d,]+) distinct states found, ([\\d,]+) states left");
    private static final Pattern CHECKED = Pattern.compile("(?m)^Progress: ([\\d,]+) states checked");
    private static final Pattern VIOLATED = Pattern.compile("Invariant (\\w+) is violated");

    /** Longer than any run takes on a machine that is busy with other things. */
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private final Path work;

    /** @param work an empty folder for what the checker writes */
    Tlc(Path work) {
        this.work = work;
    }

    /** A model's text: {@code docs/spec/models/<name>.cfg}. */
    static String model(String name) {
        return Checkout.read(SPECIFICATION.resolve("models").resolve(name + ".cfg"));
    }

    /**
     * Checks a module with the text of a configuration.
     *
     * @param options of TLC; none means breadth-first, until there is no new state
     */
    Result check(String module, String configuration, String... options) throws IOException, InterruptedException {
        // The second compiler pays only where there are all states to be seen; a counterexample is near.
        boolean isLong = options.length == 0 && !module.endsWith("Mutants");
        Path cfg = Files.writeString(work.resolve("model.cfg"), configuration);
        Path output = work.resolve("output.txt");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=" + (isLong ? 4 : 1),
                "-Djava.io.tmpdir=" + work,
                "-cp",
                jar().toString(),
                TLC.class.getName()));
        command.addAll(List.of("-workers", "1", "-nowarning", "-cleanup"));
        command.addAll(List.of("-metadir", work.toString(), "-config", cfg.toString()));
        command.addAll(List.of(options));
        command.add(module + ".tla");
        Process process = new ProcessBuilder(command)
                .directory(SPECIFICATION.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            boolean ended = process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS);
            return new Result(ended ? process.exitValue() : -1, Files.readString(output));
        } finally {
            process.destroyForcibly();
        }
    }

    private static Path jar() {
        try {
            return Path.of(TLC.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * What a run said.
     *
     * @param exit -1 when it had to be ended
     */
    record Result(int exit, String output) {
        private static final int SUCCESS = 0;
        private static final int VIOLATION = 12;

        /** Nothing is violated; breadth-first also: no state is left. */
        boolean holds() {
            return exit == SUCCESS && violated().isEmpty() && left() == 0;
        }

        /** The name of the invariant that is violated; empty when none is, or when something else went wrong. */
        String violated() {
            return exit == VIOLATION
                    ? VIOLATED.matcher(output)
                            .results()
                            .map(found -> found.group(1))
                            .findFirst()
                            .orElse("")
                    : "";
        }

        /** States that were generated and checked. */
        long states() {
            return Math.max(last(GENERATED, 1), last(CHECKED, 1));
        }

        /** Different ones among them; 0 for a random run, which does not know. */
        long distinct() {
            return last(GENERATED, 2);
        }

        private long left() {
            return last(GENERATED, 3);
        }

        private long last(Pattern pattern, int group) {
            return pattern.matcher(output)
                    .results()
                    .map((MatchResult found) ->
                            Long.parseLong(found.group(group).replace(",", "")))
                    .reduce(0L, (first, second) -> second);
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%,d states checked, %,d distinct", states(), distinct());
        }
    }
}
