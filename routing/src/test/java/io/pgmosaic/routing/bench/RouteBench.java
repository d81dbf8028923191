package io.pgmosaic.routing.bench;

import io.pgmosaic.testing.Figure;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Locale;
import java.util.Objects;

/**
 * Runs {@link RouteBenchmark} and {@link RuleBenchmark}; appends {@code route.<benchmark>.ns} and {@code .alloc.bytes}, and
 * {@code rule.<rule>.ns}.
 */
public final class RouteBench {
    private RouteBench() {}

    public static void main(String[] args) throws IOException, RunnerException {
        Path file = Path.of(args[0]);
        for (RunResult run : run(RouteBenchmark.class)) {
            String name = "route." + run.getPrimaryResult().getLabel();
            append(name + ".ns", run.getPrimaryResult(), "bigint key to shard name (hash and map)", file);
            Result<?> allocated =
                    Objects.requireNonNull(run.getSecondaryResults().get("gc.alloc.rate.norm"));
            new Figure(name + ".alloc.bytes", allocated.getScore(), "B", "JMH gc.alloc.rate.norm a lookup")
                    .appendTo(file);
        }
        for (RunResult run : run(RuleBenchmark.class)) {
            append(
                    "rule." + run.getParams().getParam("rule") + ".ns",
                    run.getPrimaryResult(),
                    "a row's key to shard name among 256 shards",
                    file);
        }
    }

    private static Collection<RunResult> run(Class<?> benchmark) throws RunnerException {
        return new Runner(new OptionsBuilder()
                        .include(benchmark.getName())
                        .addProfiler(GCProfiler.class)
                        .shouldFailOnError(true)
                        .build())
                .run();
    }

    private static void append(String name, Result<?> time, String what, Path file) throws IOException {
        String how = String.format(
                Locale.ROOT, "JMH average time of %s, random keys, error %.2f at 99.9 %%", what, time.getScoreError());
        new Figure(name, time.getScore(), "ns", how).appendTo(file);
    }
}
