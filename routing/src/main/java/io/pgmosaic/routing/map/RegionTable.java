package io.pgmosaic.routing.map;

import io.pgmosaic.routing.hash.PostgresHash;
import io.pgmosaic.routing.key.Key;
import io.pgmosaic.routing.key.KeyValue;
import io.pgmosaic.routing.map.ShardMap.Times;
import io.pgmosaic.routing.map.UnplacedKeyException.Reason;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** A region in the form that finds owners. Immutable. */
final class RegionTable {
    private final Region region;
    /** Sorted numbers of the times at which the periods begin. */
    private final long[] begins;
    /** The first time after all periods; null when there is none. */
    private final KeyValue.@Nullable Timestamp end;

    private final OwnerTable[] owners;
    private final String[][] names;
    private final boolean[] byHash;
    private final OverrideTable overrides;

    /** @throws IllegalArgumentException when a key is overridden twice, or to a shard that is not of the region */
    RegionTable(Region region) {
        List<Period> periods = region.periods();
        this.region = region;
        this.begins =
                periods.stream().mapToLong(period -> period.span().first()).toArray();
        this.end = periods.getLast().span().until();
        this.owners =
                periods.stream().map(period -> period.partitioning().compile()).toArray(OwnerTable[]::new);
        this.names = periods.stream()
                .map(period -> period.partitioning().shards().toArray(String[]::new))
                .toArray(String[][]::new);
        this.byHash = new boolean[owners.length];
        for (int i = 0; i < owners.length; i++) {
            byHash[i] = owners[i] instanceof SegmentTable;
        }
        this.overrides = new OverrideTable(region.overrides(), region.shards());
    }

    Region region() {
        return region;
    }

    OwnerTable owners(int period) {
        return owners[period];
    }

    List<Holding> holdingsOf(String shard) {
        List<Holding> holdings = new ArrayList<>();
        for (int i = 0; i < owners.length; i++) {
            Holding holding = Holding.of(region.periods().get(i), owners[i], shard);
            if (holding.size() > 0) {
                holdings.add(holding);
            }
        }
        return List.copyOf(holdings);
    }

    /** What {@code rows} touches in each period. */
    List<Extent> extentsOf(RowRange rows) {
        List<Extent> extents = new ArrayList<>();
        for (Period period : region.periods()) {
            @Nullable TimeSpan times = period.span().intersection(rows.times());
            if (times != null) {
                extents.add(extent(period, times, rows));
            }
        }
        return extents;
    }

    private Extent extent(Period period, TimeSpan times, RowRange rows) {
        List<OrderedRange> ranges = List.of();
        List<String> shards =
                switch (period.partitioning()) {
                    case HashRing ring -> ring.shards();
                    case HashRanges hashes ->
                        hashes.ranges().stream()
                                .map(HashRange::shard)
                                .distinct()
                                .toList();
                    case OrderedRanges ordered -> {
                        ranges = ordered.within(rows.from(), rows.until());
                        yield ranges.stream()
                                .map(OrderedRange::shard)
                                .distinct()
                                .toList();
                    }
                };
        return new Extent(region.name(), times, period.span(), period.tier(), ranges, shards);
    }

    /** The shards to which keys within {@code rows} are overridden. */
    List<String> overridden(RowRange rows) {
        return region.overrides().stream()
                .filter(override -> rows.contains(override.key().values().getFirst()))
                .map(KeyOverride::shard)
                .distinct()
                .toList();
    }

    Times ownsByRule(String shard, Key key) {
        int periods = 0;
        for (int i = 0; i < owners.length; i++) {
            int owner = owners[i].owner(key, key.hash());
            periods += owner != OwnerTable.NOBODY && names[i][owner].equals(shard) ? 1 : 0;
        }
        boolean everyTimeHasAPeriod = begins[0] == Long.MIN_VALUE && end == null;
        return periods == 0
                ? Times.NEVER
                : periods == owners.length && everyTimeHasAPeriod ? Times.ALWAYS : Times.SOMETIMES;
    }

    /** @throws UnplacedKeyException when no shard owns it */
    String ownerOf(Key key, KeyValue.@Nullable Timestamp time) {
        long hash = 0;
        if (!overrides.isEmpty()) {
            hash = key.hash();
            if (overrides.mayContain(hash)) {
                @Nullable String owner = overrides.owner(key, hash);
                if (owner != null) {
                    return owner;
                }
            }
        }
        int period = periodAt(time);
        if (overrides.isEmpty() && byHash[period]) {
            hash = key.hash();
        }
        return name(period, owners[period].owner(key, hash), key);
    }

    /** {@link #ownerOf(Key, KeyValue.Timestamp)} of a bigint, without making a {@link Key} unless one is overridden. */
    String ownerOf(long key, KeyValue.@Nullable Timestamp time) {
        long hash = PostgresHash.bigint(key, 0);
        if (overrides.mayContain(hash)) {
            return ownerOf(Key.bigint(key), time);
        }
        int period = periodAt(time);
        int owner = owners[period].owner(key, hash);
        return owner == OwnerTable.NOBODY ? name(period, owner, Key.bigint(key)) : names[period][owner];
    }

    /**
     * The owner, which may be by an override, and those that follow on the ring.
     *
     * @throws UnplacedKeyException when no shard owns it
     * @throws IllegalArgumentException when it is on no ring, or there are not so many shards
     */
    List<String> ownersOf(
            Key key, KeyValue.@Nullable Timestamp time, int count, Function<String, @Nullable String> zoneOf) {
        String owner = ownerOf(key, time);
        if (!(region.periods().get(periodAt(time)).partitioning() instanceof HashRing ring)) {
            throw new IllegalArgumentException(
                    "other shards follow a key's owner on a consistent-hash ring alone, and this key is placed by ranges");
        }
        Set<String> inOrder = new LinkedHashSet<>(List.of(owner));
        inOrder.addAll(ring.owners(key.hash(), ring.shards().size()));
        if (count < 1 || count > inOrder.size()) {
            throw new IllegalArgumentException(
                    "asked for " + count + " owners of a key that has 1 to " + inOrder.size() + " on its ring");
        }
        return ZoneSpread.first(List.copyOf(inOrder), count, zoneOf);
    }

    private String name(int period, int owner, Key key) {
        if (owner == OwnerTable.NOBODY) {
            throw new UnplacedKeyException(
                    Reason.OUTSIDE_RANGES,
                    key.values().getFirst().text() + " is outside of every range, which reach from " + reach(period));
        }
        return names[period][owner];
    }

    private String reach(int period) {
        if (region.periods().get(period).partitioning() instanceof OrderedRanges ordered) {
            List<OrderedRange> ranges = ordered.ranges();
            return new OrderedRange(ranges.getFirst().from(), ranges.getLast().until(), "").toString();
        }
        throw new IllegalStateException("only ordered ranges leave a key without an owner");
    }

    /** @throws UnplacedKeyException when the time is missing, or in no period */
    int periodAt(KeyValue.@Nullable Timestamp time) {
        if (!region.hasPeriods()) {
            return 0;
        }
        if (time == null) {
            throw new UnplacedKeyException(
                    Reason.MISSING_TIME, "where the row lives depends on its time, and none is given");
        }
        if (time.micros() < begins[0] || (end != null && time.micros() >= end.micros())) {
            throw new UnplacedKeyException(
                    Reason.OUTSIDE_PERIODS,
                    "the time " + time.text() + " is in no period, which reach from "
                            + new TimeSpan(region.periods().getFirst().span().from(), end));
        }
        int low = 0;
        int high = begins.length - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (begins[middle] <= time.micros()) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }
}
