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
import java.util.Locale;
import java.util.Objects;

/** Runs {@link RouteBenchmark} and appends {@code route.<benchmark>.ns} and {@code .alloc.bytes}. */
public final class RouteBench {
    private RouteBench() {}

    public static void main(String[] args) throws IOException, RunnerException {
        Path file = Path.of(args[0]);
        var options = new OptionsBuilder()
                .include(RouteBenchmark.class.getName())
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .build();
        for (RunResult run : new Runner(options).run()) {
            Result<?> time = run.getPrimaryResult();
            String name = "route." + time.getLabel();
            String how = String.format(
                    Locale.ROOT,
                    "JMH average time of bigint key to shard name (hash and map), random keys, error %.2f at 99.9 %%",
                    time.getScoreError());
            new Figure(name + ".ns", time.getScore(), "ns", how).appendTo(file);
            Result<?> allocated =
                    Objects.requireNonNull(run.getSecondaryResults().get("gc.alloc.rate.norm"));
            new Figure(name + ".alloc.bytes", allocated.getScore(), "B", "JMH gc.alloc.rate.norm a lookup")
                    .appendTo(file);
        }
    }
}
