package io.pgmosaic.routing.map;

import io.pgmosaic.routing.hash.RandomText;
import io.pgmosaic.routing.hash.RandomTime;
import io.pgmosaic.routing.key.Key;
import io.pgmosaic.routing.key.KeyType;
import io.pgmosaic.routing.key.KeyValue;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.IntStream;

/** Maps of random regions, periods, rules and overrides, over keys of one random type. */
public final class RandomMaps {
    private static final List<String> REGIONS = List.of("eu", "us", "o'hara");
    private static final List<KeyType> TYPES = List.of(KeyType.values());

    private final SplittableRandom random;
    private final KeyType type;

    public RandomMaps(SplittableRandom random) {
        this.random = random;
        this.type = TYPES.get(random.nextInt(TYPES.size()));
    }

    /** One of the names of regions. */
    public String region() {
        return oneOf(REGIONS);
    }

    public KeyType type() {
        return type;
    }

    /**
     * @param places whether rows have regions
     * @param ages whether rows have periods
     * @param keys of which some are overridden
     */
    public ShardMap map(boolean places, boolean ages, List<Key> keys) {
        if (!places) {
            return ShardMap.of(7, region(null, ages, keys));
        }
        return ShardMap.of(
                7,
                REGIONS.stream().map(name -> region(name, ages, keys)).toList(),
                random.nextBoolean() ? oneOf(REGIONS) : null);
    }

    private Region region(@Nullable String name, boolean ages, List<Key> keys) {
        String prefix = name == null ? "s" : name.substring(0, 1);
        List<String> shards = List.of(prefix + 0, prefix + 1, prefix + 2);
        List<KeyValue.Timestamp> bounds = ages
                ? IntStream.range(0, 1 + random.nextInt(4))
                        .mapToObj(i -> RandomTime.next(random))
                        .sorted((one, other) -> Long.compare(one.micros(), other.micros()))
                        .toList()
                : List.of();
        List<Period> periods = new ArrayList<>();
        if (bounds.isEmpty() || random.nextBoolean()) {
            periods.add(period(null, bounds.isEmpty() ? null : bounds.getFirst(), shards));
        }
        for (int i = 0; i < bounds.size(); i++) {
            boolean last = i == bounds.size() - 1;
            if (!last || periods.isEmpty() || random.nextBoolean()) {
                periods.add(period(bounds.get(i), last ? null : bounds.get(i + 1), shards));
            }
        }
        List<KeyOverride> overrides = new ArrayList<>();
        for (Key key : keys.stream().distinct().toList()) {
            if (random.nextBoolean()) {
                overrides.add(new KeyOverride(key, random.nextInt(4) == 0 ? prefix + "vip" : oneOf(shards)));
            }
        }
        return new Region(name, periods, List.of(prefix + "vip"), overrides);
    }

    private Period period(KeyValue.@Nullable Timestamp from, KeyValue.@Nullable Timestamp until, List<String> shards) {
        return new Period(new TimeSpan(from, until), null, partitioning(shards));
    }

    private Partitioning partitioning(List<String> shards) {
        return switch (random.nextInt(3)) {
            case 0 -> HashRanges.even(shards);
            case 1 -> HashRing.of(shards, 1 + random.nextInt(20));
            default -> type == KeyType.UUID ? HashRanges.even(shards) : ordered(shards);
        };
    }

    private OrderedRanges ordered(List<String> shards) {
        List<KeyValue> bounds = IntStream.range(0, 2 + random.nextInt(12))
                .mapToObj(i -> value())
                .distinct()
                .sorted(RandomMaps::compare)
                .toList();
        List<OrderedRange> ranges = new ArrayList<>();
        if (random.nextBoolean()) {
            ranges.add(new OrderedRange(null, bounds.getFirst(), oneOf(shards)));
        }
        for (int i = 0; i + 1 < bounds.size(); i++) {
            ranges.add(new OrderedRange(bounds.get(i), bounds.get(i + 1), oneOf(shards)));
        }
        if (ranges.isEmpty() || random.nextBoolean()) {
            ranges.add(new OrderedRange(bounds.getLast(), null, oneOf(shards)));
        }
        return new OrderedRanges(shards, type, ranges);
    }

    private static int compare(KeyValue one, KeyValue other) {
        return switch (one) {
            case KeyValue.Bigint number -> Long.compare(number.value(), ((KeyValue.Bigint) other).value());
            case KeyValue.Timestamp time -> time.instant().compareTo(((KeyValue.Timestamp) other).instant());
            case KeyValue.Text text ->
                Arrays.compareUnsigned(
                        text.value().getBytes(StandardCharsets.UTF_8),
                        other.text().getBytes(StandardCharsets.UTF_8));
            case KeyValue.Uuid uuid -> throw new AssertionError("UUIDs have no ranges: " + uuid);
        };
    }

    /** Of this one's type. */
    public KeyValue value() {
        return switch (type) {
            case BIGINT -> new KeyValue.Bigint(random.nextLong() >> random.nextInt(Long.SIZE));
            case TEXT -> new KeyValue.Text(RandomText.next(random, 12));
            case UUID -> new KeyValue.Uuid(new UUID(random.nextLong(), random.nextLong()));
            case TIMESTAMPTZ -> RandomTime.next(random);
        };
    }

    private String oneOf(List<String> list) {
        return list.get(random.nextInt(list.size()));
    }
}
