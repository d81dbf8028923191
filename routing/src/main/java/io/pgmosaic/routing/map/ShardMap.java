package io.pgmosaic.routing.map;

import io.pgmosaic.routing.key.Key;
import io.pgmosaic.routing.key.KeyValue;
import io.pgmosaic.routing.map.UnplacedKeyException.Reason;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Which shard owns which key, in one version. */
public final class ShardMap {
    private final long version;
    private final List<String> shards;
    private final @Nullable String defaultRegion;
    /** By name, in the order given; empty when rows have no region. */
    private final Map<String, RegionTable> regions;
    /** What rows without a region belong to; null when each has to name one. */
    private final @Nullable RegionTable home;

    private final boolean directory;

    private ShardMap(
            long version,
            List<String> shards,
            @Nullable String defaultRegion,
            Map<String, RegionTable> regions,
            @Nullable RegionTable home,
            boolean directory) {
        this.version = version;
        this.shards = shards;
        this.defaultRegion = defaultRegion;
        this.regions = regions;
        this.home = home;
        this.directory = directory;
    }

    /** @throws IllegalArgumentException when {@code version} is negative */
    public static ShardMap of(long version, Partitioning partitioning) {
        return of(version, partitioning, List.of());
    }

    /**
     * A map in which neither a region nor a time matters.
     *
     * @throws IllegalArgumentException when {@code version} is negative, or a key is overridden twice or to an unknown
     *     shard
     */
    public static ShardMap of(long version, Partitioning partitioning, Collection<KeyOverride> overrides) {
        return of(version, Region.everywhere(partitioning, overrides));
    }

    /**
     * A map without regions.
     *
     * @throws IllegalArgumentException as {@link #of(long, List, String)} does
     */
    public static ShardMap of(long version, Region everywhere) {
        checkVersion(version);
        return new ShardMap(version, everywhere.shards(), null, Map.of(), new RegionTable(everywhere), false);
    }

    /**
     * A map in which each row lives in its region.
     *
     * @param defaultRegion of rows that name none; null when each has to
     * @throws IllegalArgumentException when {@code version} is negative, a region is unnamed or listed twice, the default is
     *     not listed, a shard is of two regions, or a key is overridden twice or to a shard of another region
     */
    public static ShardMap of(long version, List<Region> regions, @Nullable String defaultRegion) {
        checkVersion(version);
        Map<String, RegionTable> tables = new LinkedHashMap<>();
        Set<String> shards = new LinkedHashSet<>();
        for (Region region : regions) {
            if (region.name() == null || region.name().isEmpty()) {
                throw new IllegalArgumentException("a region has no name");
            }
            if (tables.put(region.name(), new RegionTable(region)) != null) {
                throw new IllegalArgumentException("region " + region.name() + " is listed twice");
            }
            for (String shard : region.shards()) {
                if (!shards.add(shard)) {
                    throw new IllegalArgumentException("shard " + shard + " is of two regions, the later one is "
                            + region.name() + ": what is in a region has to stay there");
                }
            }
        }
        @Nullable RegionTable home = defaultRegion == null ? null : tables.get(defaultRegion);
        if (defaultRegion != null && home == null) {
            throw new IllegalArgumentException(
                    "the default region " + defaultRegion + " is not one of " + tables.keySet());
        }
        return new ShardMap(version, List.copyOf(shards), defaultRegion, tables, home, false);
    }

    private static void checkVersion(long version) {
        if (version < 0) {
            throw new IllegalArgumentException("a map's version is not negative: " + version);
        }
    }

    /**
     * This rule for tables with a directory: entries in the shards' own tables say of single keys that they are on another
     * shard. Whoever asks such a map gets the shard that has to know of the entry, and that owns the key when there is none.
     *
     * @throws IllegalArgumentException when rows of one key are on different shards, by their times
     */
    public ShardMap withDirectory() {
        if (regions().stream().anyMatch(Region::hasPeriods)) {
            throw new IllegalArgumentException(
                    "there is a directory, and rows of one key are on different shards by their times");
        }
        return new ShardMap(version, shards, defaultRegion, regions, home, true);
    }

    /** Whether the answers of this map hold only for keys of which no directory has an entry. */
    public boolean hasDirectory() {
        return directory;
    }

    /** The shards among which a directory can choose for a row: those of its region. */
    public List<String> choices(RowKey row) {
        return region(row.region()).region().shards();
    }

    /** The region that a row is of; null when rows have none. */
    public @Nullable String regionOf(RowKey row) {
        return region(row.region()).region().name();
    }

    /** The shard that an override names for the row; null for a row of none. */
    public @Nullable String overrideOf(RowKey row) {
        return region(row.region()).region().overrides().stream()
                .filter(override -> override.key().equals(row.key()))
                .map(KeyOverride::shard)
                .findFirst()
                .orElse(null);
    }

    /** Goes up with every change of the map. */
    public long version() {
        return version;
    }

    public List<String> shards() {
        return shards;
    }

    /** Of rows that name none; null when each has to, or there are no regions. */
    public @Nullable String defaultRegion() {
        return defaultRegion;
    }

    /** One without a name when rows have no region. */
    public List<Region> regions() {
        return regions.isEmpty() && home != null
                ? List.of(home.region())
                : regions.values().stream().map(RegionTable::region).toList();
    }

    /**
     * The shard that owns {@code row}. A region is ignored when rows have none, a time when it does not matter.
     *
     * @throws UnplacedKeyException when no shard does
     */
    public String ownerOf(RowKey row) {
        return region(row.region()).ownerOf(row.key(), row.time());
    }

    /**
     * The owner of {@code row} and the shards that follow it on its ring, each once: where copies of what belongs to the key may
     * be kept. When a shard joins the ring, no other one but it becomes one of them.
     *
     * @param zoneOf the zone of a shard, null where unknown: shards of zones that have none of them yet come before others
     * @throws UnplacedKeyException when no shard owns it
     * @throws IllegalArgumentException when the row is not placed by a ring, or there are not so many shards
     */
    public List<String> ownersOf(RowKey row, int count, Function<String, @Nullable String> zoneOf) {
        return region(row.region()).ownersOf(row.key(), row.time(), count, zoneOf);
    }

    /**
     * {@link #ownerOf(RowKey)} of a key that names no region and no time.
     *
     * @throws UnplacedKeyException when no shard owns it
     */
    public String ownerOf(Key key) {
        return region(null).ownerOf(key, null);
    }

    /**
     * {@link #ownerOf(Key)} of a key of one bigint, without making a {@link Key} unless its hash is that of an override.
     *
     * @throws UnplacedKeyException when no shard owns it
     */
    public String ownerOf(long key) {
        return region(null).ownerOf(key, null);
    }

    /**
     * The period that a row of this region and time is in.
     *
     * @throws UnplacedKeyException when it is in none
     */
    public Period periodOf(@Nullable String region, KeyValue.@Nullable Timestamp time) {
        RegionTable table = region(region);
        return table.region().periods().get(table.periodAt(time));
    }

    /**
     * Where the rows of a range may lie. A region is ignored when rows have none, a span of time when times do not matter.
     *
     * @throws UnplacedKeyException when there is no such region
     * @throws IllegalArgumentException when rows are placed by the order of other values than those of the range
     */
    public Extents extentsOf(RowRange rows) {
        List<RegionTable> touched = regions.isEmpty() || rows.region() != null
                ? List.of(region(rows.region()))
                : List.copyOf(regions.values());
        List<Extent> byRule = new ArrayList<>();
        Set<String> byKey = new LinkedHashSet<>();
        for (RegionTable table : touched) {
            byRule.addAll(table.extentsOf(rows));
            byKey.addAll(table.overridden(rows));
        }
        return new Extents(byRule, List.copyOf(byKey));
    }

    /** Whether rows are placed by the order of keys, in any region and period. */
    public boolean isOrdered() {
        return regions().stream()
                .flatMap(region -> region.periods().stream())
                .anyMatch(period -> period.partitioning() instanceof OrderedRanges);
    }

    private RegionTable region(@Nullable String name) {
        if (regions.isEmpty() || name == null) {
            if (home == null) {
                throw new UnplacedKeyException(
                        Reason.MISSING_REGION,
                        "the row's region is not given, and there is no default: name one of " + regions.keySet());
            }
            return home;
        }
        @Nullable RegionTable region = regions.get(name);
        if (region == null) {
            throw new UnplacedKeyException(
                    Reason.UNKNOWN_REGION, "there is no region " + name + ": name one of " + regions.keySet());
        }
        return region;
    }

    /**
     * What {@code shard} owns by rule, for each period of its region in which it owns anything; overrides aside.
     *
     * @throws IllegalArgumentException when there is no such shard
     */
    public List<Holding> holdingsOf(String shard) {
        return regionOf(shard).holdingsOf(shard);
    }

    /**
     * At which times {@code shard} would own {@code key} in its region, were no key overridden.
     *
     * @throws IllegalArgumentException when there is no such shard
     */
    public Times ownsByRule(String shard, Key key) {
        return regionOf(shard).ownsByRule(shard, key);
    }

    /** At which times something holds. */
    public enum Times {
        NEVER,
        SOMETIMES,
        ALWAYS
    }

    /**
     * The shard that owns {@code hash} in a map by hash alone, overrides aside.
     *
     * @throws IllegalArgumentException when a region, a time or an order matters
     */
    public String shardFor(long hash) {
        return shards.get(segments().owner(hash));
    }

    /**
     * What {@code shard} owns in a map by hash alone, sorted, overrides aside; neighbours are one segment.
     *
     * @throws IllegalArgumentException when there is no such shard, or a region, a time or an order matters
     */
    public List<Segment> segmentsOf(String shard) {
        SegmentTable segments = segments();
        regionOf(shard);
        return segments.ownedBy(shards.indexOf(shard));
    }

    SegmentTable segments() {
        if (home != null
                && regions.isEmpty()
                && !home.region().hasPeriods()
                && home.owners(0) instanceof SegmentTable table) {
            return table;
        }
        throw new IllegalArgumentException("the map is not by hash alone");
    }

    /**
     * The region that {@code shard} is of.
     *
     * @throws IllegalArgumentException when there is no such shard
     */
    public Region homeOf(String shard) {
        return regionOf(shard).region();
    }

    private RegionTable regionOf(String shard) {
        if (!shards.contains(shard)) {
            throw new IllegalArgumentException("shard " + shard + " is not one of " + shards);
        }
        if (regions.isEmpty() && home != null) {
            return home;
        }
        return regions.values().stream()
                .filter(table -> table.region().shards().contains(shard))
                .findFirst()
                .orElseThrow();
    }
}
