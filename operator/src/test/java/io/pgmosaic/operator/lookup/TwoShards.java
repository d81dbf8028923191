package io.pgmosaic.operator.lookup;

import io.pgmosaic.api.v1alpha1.cluster.KeyColumn;
import io.pgmosaic.api.v1alpha1.cluster.KeyColumnType;
import io.pgmosaic.api.v1alpha1.cluster.LookupIndexSpec;
import io.pgmosaic.api.v1alpha1.cluster.ShardingSpec;
import io.pgmosaic.api.v1alpha1.cluster.TableSpec;
import io.pgmosaic.maps.PlacedTable;
import io.pgmosaic.operator.upkeep.TwoDatabases;
import io.pgmosaic.routing.guard.Guard;
import io.pgmosaic.routing.guard.GuardSchema;
import io.pgmosaic.routing.guard.GuardedTable;
import io.pgmosaic.routing.guard.LookupIndex;
import io.pgmosaic.routing.key.Key;
import io.pgmosaic.routing.map.HashRanges;
import io.pgmosaic.routing.map.ShardMap;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** Databases of shards s0 and s1 with users, who are looked up by their addresses. */
final class TwoShards extends TwoDatabases {
    static final ShardMap ENTRIES = ShardMap.of(1, HashRanges.even(List.of("s0", "s1")));
    private static final TableSpec USERS = new TableSpec(
            "public",
            "users",
            List.of(new KeyColumn("id", KeyColumnType.BIGINT)),
            List.of(new LookupIndexSpec("by-email", "email")));

    final ShardMap users;
    private final PlacedTable placed;

    /** @param users where their rows are */
    TwoShards(ShardMap users) throws SQLException {
        this.users = users;
        placed = new PlacedTable(USERS, users);
        GuardedTable entries = new PlacedTable(ShardingSpec.LOOKUP_ENTRIES, ENTRIES).guarded();
        LookupIndex index = new LookupIndex("by-email", placed.guarded(), "email");
        for (String shard : shards()) {
            execute(
                    shard,
                    "CREATE TABLE users (id bigint PRIMARY KEY, email text)",
                    GuardSchema.create(5_000),
                    "INSERT INTO mosaic.lookup_secret (secret) VALUES ('secret')",
                    Guard.of(ENTRIES, shard).install(List.of(entries), 5_000),
                    Guard.of(users, shard).install(List.of(placed.guarded()), 5_000),
                    index.install(5_000),
                    index.complete());
        }
    }

    Reservations reservations() {
        return new Reservations(this, new Indexes(ENTRIES, Map.of("by-email", placed)), Set.of("s0", "s1"));
    }

    /** An address whose entry is on a shard. */
    static String value(String shard, int nth) {
        return IntStream.range(0, 1_000)
                .mapToObj(number -> "user" + number + "@x")
                .filter(value -> ENTRIES.ownerOf(Key.text(value)).equals(shard))
                .skip(nth)
                .findFirst()
                .orElseThrow();
    }

    /** A key whose rows are on a shard. */
    long key(String shard, int nth) {
        return IntStream.range(0, 1_000)
                .filter(key -> users.ownerOf(Key.bigint(key)).equals(shard))
                .skip(nth)
                .findFirst()
                .orElseThrow();
    }

    static String home(String value) {
        return ENTRIES.ownerOf(Key.text(value));
    }

    /** Whether it could be reserved for rows on {@code shard}. */
    boolean reserve(String value, String key, String shard) throws SQLException {
        return one(
                        home(value),
                        "SELECT reserved FROM mosaic.lookup_reserve('by-email', '" + value + "', '" + key + "', '"
                                + shard + "')")
                .equals("t");
    }

    String ticket(String value, long key, String shard) throws SQLException {
        return one(
                home(value),
                "SELECT mosaic.lookup_ticket('by-email', '" + value + "', '" + key + "', '" + shard + "')");
    }

    void insert(String shard, long key, String value, String ticket) throws SQLException {
        execute(
                shard,
                "BEGIN; SET LOCAL mosaic.tickets = '" + ticket + "'; INSERT INTO users VALUES (" + key + ", '" + value
                        + "'); COMMIT");
    }

    /** The key that has a value; empty when none has. */
    String find(String value) throws SQLException {
        return one(home(value), "SELECT key FROM mosaic.lookup_find('by-email', '" + value + "')");
    }
}
