package io.pgmosaic.routing.bench;

import io.pgmosaic.routing.map.HashRanges;
import io.pgmosaic.routing.map.HashRing;
import io.pgmosaic.routing.map.ShardMap;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** From a bigint key to the name of its shard: hash and map, keys in random order so that no branch is foretold. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RouteBenchmark {
    private static final int KEYS = 1 << 16;

    private final long[] keys = new SplittableRandom(1).longs(KEYS).toArray();
    private final ShardMap ranges = ShardMap.of(1, HashRanges.even(shards()));
    private final ShardMap ring = ShardMap.of(1, HashRing.of(shards()));
    private int next;

    private static List<String> shards() {
        return IntStream.range(0, 64).mapToObj(i -> "shard" + i).toList();
    }

    @Benchmark
    public String hash64() {
        return ranges.ownerOf(keys[next++ & (KEYS - 1)]);
    }

    @Benchmark
    public String ring9600() {
        return ring.ownerOf(keys[next++ & (KEYS - 1)]);
    }
}
