package io.pgmosaic.routing.bench;

import io.pgmosaic.routing.key.Key;
import io.pgmosaic.routing.key.KeyType;
import io.pgmosaic.routing.key.KeyValue;
import io.pgmosaic.routing.map.HashRanges;
import io.pgmosaic.routing.map.HashRing;
import io.pgmosaic.routing.map.KeyOverride;
import io.pgmosaic.routing.map.OrderedRange;
import io.pgmosaic.routing.map.OrderedRanges;
import io.pgmosaic.routing.map.Partitioning;
import io.pgmosaic.routing.map.Period;
import io.pgmosaic.routing.map.Region;
import io.pgmosaic.routing.map.RowKey;
import io.pgmosaic.routing.map.ShardMap;
import io.pgmosaic.routing.map.TimeSpan;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** From a row's key to the name of its shard, by each rule, among 256 shards; keys in random order. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RuleBenchmark {
    private static final int SHARDS = 256;
    private static final int KEYS = 1 << 14;
    private static final int OVERRIDES = 100;
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final List<String> NAMES =
            IntStream.range(0, SHARDS).mapToObj(i -> "shard" + i).toList();

    /** A rule with keys that it is asked for. */
    private record Rule(ShardMap map, IntFunction<RowKey> rows) {}

    @Param({
        "hash",
        "ring",
        "ordered-number",
        "ordered-text",
        "ordered-time",
        "overrides",
        "compound",
        "region",
        "time",
        "tier"
    })
    @SuppressWarnings("NullAway.Init")
    String rule;

    private final SplittableRandom random = new SplittableRandom(1);
    private final RowKey[] rows = new RowKey[KEYS];

    @SuppressWarnings("NullAway.Init")
    private ShardMap map;

    private int next;

    @Setup
    public void make() {
        Rule chosen = rule(rule);
        map = chosen.map();
        for (int i = 0; i < KEYS; i++) {
            rows[i] = chosen.rows().apply(i);
        }
    }

    private Rule rule(String name) {
        return switch (name) {
            case "hash" -> new Rule(ShardMap.of(1, HashRanges.even(NAMES)), i -> number());
            case "ring" -> new Rule(ShardMap.of(1, HashRing.of(NAMES)), i -> number());
            case "ordered-number" -> new Rule(ShardMap.of(1, ordered(KeyType.BIGINT)), i -> number());
            case "ordered-text" ->
                new Rule(ShardMap.of(1, ordered(KeyType.TEXT)), i -> RowKey.of(Key.text("customer-" + digits())));
            case "ordered-time" ->
                new Rule(ShardMap.of(1, ordered(KeyType.TIMESTAMPTZ)), i -> RowKey.of(Key.of(time())));
            case "overrides" -> overrides();
            case "compound" ->
                new Rule(
                        ShardMap.of(1, HashRanges.even(NAMES)),
                        i -> RowKey.of(Key.of(
                                new KeyValue.Text("tenant-" + digits()), new KeyValue.Bigint(random.nextLong()))));
            case "region" -> regions();
            case "time" -> new Rule(ShardMap.of(1, ages(24, null)), i -> new RowKey(number().key(), null, time()));
            case "tier" -> new Rule(ShardMap.of(1, ages(3, "hot")), i -> new RowKey(number().key(), null, time()));
            default -> throw new IllegalArgumentException(name);
        };
    }

    private RowKey number() {
        return RowKey.of(Key.bigint(random.nextLong()));
    }

    private String digits() {
        return Integer.toString(1_000_000 + random.nextInt(9_000_000));
    }

    private KeyValue.Timestamp time() {
        return new KeyValue.Timestamp(START.plus(Duration.ofMinutes(random.nextLong(SHARDS * 1_440L))));
    }

    private Rule overrides() {
        List<KeyOverride> overrides = IntStream.range(0, OVERRIDES)
                .mapToObj(i -> new KeyOverride(Key.text("tenant-" + i), NAMES.get(i)))
                .toList();
        return new Rule(
                ShardMap.of(1, HashRanges.even(NAMES), overrides),
                i -> RowKey.of(Key.text("tenant-" + random.nextInt(OVERRIDES))));
    }

    private Rule regions() {
        List<Region> regions = IntStream.range(0, 8)
                .mapToObj(i -> new Region(
                        "region-" + i,
                        List.of(Period.always(HashRanges.even(NAMES.subList(i * 32, i * 32 + 32)))),
                        List.of(),
                        List.of()))
                .toList();
        return new Rule(
                ShardMap.of(1, regions, "region-0"),
                i -> new RowKey(number().key(), "region-" + random.nextInt(8), null));
    }

    private static Region ages(int periods, @Nullable String tier) {
        List<Period> list = new ArrayList<>();
        for (int i = 0; i < periods; i++) {
            TimeSpan span =
                    new TimeSpan(i == 0 ? null : bound(i, periods), i == periods - 1 ? null : bound(i + 1, periods));
            list.add(new Period(
                    span, tier, HashRanges.even(NAMES.subList(i * SHARDS / periods, (i + 1) * SHARDS / periods))));
        }
        return new Region(null, list, List.of(), List.of());
    }

    private static KeyValue.Timestamp bound(int i, int count) {
        return new KeyValue.Timestamp(START.plus(Duration.ofDays((long) i * SHARDS / count)));
    }

    private static Partitioning ordered(KeyType type) {
        List<OrderedRange> ranges = new ArrayList<>();
        for (int i = 0; i < SHARDS; i++) {
            ranges.add(new OrderedRange(
                    i == 0 ? null : value(type, i), i == SHARDS - 1 ? null : value(type, i + 1), NAMES.get(i)));
        }
        return new OrderedRanges(NAMES, type, ranges);
    }

    private static KeyValue value(KeyType type, int i) {
        return switch (type) {
            case BIGINT -> new KeyValue.Bigint(Long.MIN_VALUE + i * (1L << 56));
            case TEXT -> new KeyValue.Text("customer-" + (1_000_000 + i * 9_000_000L / SHARDS));
            case TIMESTAMPTZ -> bound(i, SHARDS);
            case UUID -> throw new IllegalArgumentException("UUIDs have no ranges");
        };
    }

    @Benchmark
    public String ns() {
        return map.ownerOf(rows[next++ & (KEYS - 1)]);
    }
}
