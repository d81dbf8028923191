package io.pgmosaic.routing.guard;

import io.pgmosaic.routing.key.KeyColumn;
import io.pgmosaic.routing.key.KeyType;
import io.pgmosaic.routing.map.ShardMap;

import java.util.Collection;
import java.util.stream.Collectors;

/** The guard of one shard under one map: which rows it lets be written. {@link GuardChange} puts it on tables. */
public final class Guard {
    private final ShardMap map;
    private final String shard;
    private final boolean ownsNothing;

    private Guard(ShardMap map, String shard, boolean ownsNothing) {
        this.map = map;
        this.shard = shard;
        this.ownsNothing = ownsNothing;
    }

    /** @throws IllegalArgumentException when the map has no such shard */
    public static Guard of(ShardMap map, String shard) {
        map.homeOf(shard);
        return new Guard(map, shard, false);
    }

    /**
     * That of a shard which holds no row of the tables that {@code map} places: it refuses every one.
     *
     * @throws IllegalArgumentException when the map has such a shard
     */
    public static Guard ofOutsider(ShardMap map, String shard) {
        if (map.shards().contains(shard)) {
            throw new IllegalArgumentException("shard " + shard + " is one of " + map.shards());
        }
        return new Guard(map, shard, true);
    }

    private Ownership ownership(GuardedTable table) {
        return ownsNothing
                ? Ownership.nothing()
                : Ownership.of(map, shard, table.key().types());
    }

    /** What it consists of on {@code table}. */
    TableGuard on(GuardedTable table) {
        return TableGuard.of(table, shard, predicate(table));
    }

    /** Which rows of {@code table} the triggers let pass. */
    Predicate predicate(GuardedTable table) {
        return Predicate.of(ownership(table), map, table);
    }

    /** Whether the shard holds no row by this map. */
    boolean ownsNothing() {
        return ownsNothing;
    }

    /** {@link GuardChange#install} of tables that have this very guard. */
    public String install(Collection<GuardedTable> tables, long lockTimeoutMillis) {
        return change(lockTimeoutMillis)
                .install(tables.stream()
                        .map(table -> new GuardChange.Guarded(table, this))
                        .toList());
    }

    /** {@link GuardChange#remove}. */
    public String remove(Collection<GuardedTable> tables, long lockTimeoutMillis) {
        return change(lockTimeoutMillis).remove(tables);
    }

    private GuardChange change(long lockTimeoutMillis) {
        return new GuardChange(shard, map.version(), lockTimeoutMillis);
    }

    /**
     * Identifies what {@link #install} puts on the table, whatever the map's version is; compare with
     * {@link GuardSchema#INSTALLED}.
     */
    public String checksum(GuardedTable table) {
        return on(table).checksum();
    }

    /**
     * A condition that is true for a row that this shard owns; false or null for any other.
     *
     * @param alias unquoted name by which the query calls the table
     */
    public String owns(GuardedTable table, String alias) {
        KeySql key = KeySql.ofRow(SqlText.identifier(alias), table, map.defaultRegion());
        String byRule = ownership(table).condition(key);
        return map.hasDirectory()
                ? "coalesce((SELECT d.state OPERATOR(pg_catalog.=) '" + DirectorySchema.MINE
                        + "'::pg_catalog.\"char\" FROM mosaic.directory AS d WHERE "
                        + DirectorySchema.matches(table.group(), key) + "), " + byRule + ")"
                : byRule;
    }

    /** A query for one number: the rows that this shard holds and does not own. Reads the whole table. */
    public String countMisplaced(GuardedTable table) {
        return "SELECT pg_catalog.count(*)" + misplaced(table);
    }

    /** A query for the keys, a column of text each, of up to {@code limit} rows that this shard holds and does not own. */
    public String findMisplaced(GuardedTable table, int limit) {
        String columns = table.key().columns().stream().map(Guard::asText).collect(Collectors.joining(", "));
        return "SELECT " + columns + misplaced(table) + " LIMIT " + limit;
    }

    /** In the form that a request for the key has, whatever the session's time zone. */
    private static String asText(KeyColumn column) {
        String name = SqlText.identifier(column.name());
        String text = column.type() == KeyType.TIMESTAMPTZ
                ? "pg_catalog.to_char(pg_catalog.timezone('UTC', t." + name + "), 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
                : "t." + name + "::pg_catalog.text";
        return text + " AS " + name;
    }

    private String misplaced(GuardedTable table) {
        return " FROM " + table.qualifiedName() + " AS t WHERE (" + owns(table, "t") + ") IS NOT TRUE";
    }
}
