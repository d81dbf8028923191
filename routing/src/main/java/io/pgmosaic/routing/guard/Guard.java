package io.pgmosaic.routing.guard;

import io.pgmosaic.routing.key.KeyColumn;
import io.pgmosaic.routing.key.KeyType;
import io.pgmosaic.routing.map.ShardMap;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** The guard of one shard under one map. Each method gives one SQL statement, which changes all or nothing. */
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

    private TableGuard guard(GuardedTable table) {
        return TableGuard.of(ownership(table), map, shard, table);
    }

    /**
     * Installs the guard on all of {@code tables}, or brings it to this map. Needs {@link GuardSchema#create} before it. A
     * table whose guard is intact and equal is not locked; any other is locked against writers until the transaction ends.
     * On a partitioned table it holds for all its partitions, also for those attached later.
     *
     * @param lockTimeoutMillis how long to wait for each lock; then SQLSTATE 55P03, nothing has changed, try again
     */
    public String install(Collection<GuardedTable> tables, long lockTimeoutMillis) {
        return Script.of(lockTimeoutMillis, claimVersion() + each(tables, this::installOne) + dropUnusedFunctions());
    }

    /** Takes the guard off tables that are no longer sharded; one that does not exist any more is forgotten. */
    public String remove(Collection<GuardedTable> tables, long lockTimeoutMillis) {
        return Script.of(lockTimeoutMillis, claimVersion() + each(tables, Guard::removeOne) + dropUnusedFunctions());
    }

    /** Identifies what {@link #install} puts on the table; compare with {@link GuardSchema#INSTALLED}. */
    public String checksum(GuardedTable table) {
        return guard(table).checksum();
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

    /** Holds the lock of the map's row until the transaction ends, so that guard changes come one after the other. */
    private String claimVersion() {
        return """
                 INSERT INTO mosaic.shard_map AS m (shard, version) VALUES (%1$s, %2$s)
                   ON CONFLICT (singleton) DO UPDATE
                   SET version = EXCLUDED.version,
                       changed_at = CASE WHEN m.version = EXCLUDED.version THEN m.changed_at ELSE now() END
                   WHERE m.shard = EXCLUDED.shard AND m.version <= EXCLUDED.version;
                 IF NOT FOUND THEN
                   IF EXISTS (SELECT FROM mosaic.shard_map AS m WHERE m.shard <> %1$s) THEN
                     RAISE EXCEPTION USING ERRCODE = 'MO003', MESSAGE = format(
                       'this database is shard %%s, not shard %%s', (SELECT m.shard FROM mosaic.shard_map AS m), %1$s);
                   END IF;
                   RAISE EXCEPTION USING ERRCODE = 'MO002', MESSAGE = format(
                     'map version %%s is older than version %%s, which shard %%s has already',
                     %2$s, (SELECT m.version FROM mosaic.shard_map AS m), %1$s);
                 END IF;
               """.formatted(SqlText.literal(shard), SqlText.bigint(map.version()));
    }

    private interface Step {
        String of(GuardedTable table);
    }

    /** In one order everywhere, so that two changes do not wait for each other. */
    private static String each(Collection<GuardedTable> tables, Step step) {
        List<GuardedTable> sorted = tables.stream()
                .sorted(Comparator.comparing(GuardedTable::schema).thenComparing(GuardedTable::name))
                .toList();
        for (int i = 1; i < sorted.size(); i++) {
            if (sorted.get(i).qualifiedName().equals(sorted.get(i - 1).qualifiedName())) {
                throw new IllegalArgumentException("table " + sorted.get(i).qualifiedName() + " is listed twice");
            }
        }
        return sorted.stream().map(step::of).collect(Collectors.joining());
    }

    private String installOne(GuardedTable table) {
        TableGuard guard = guard(table);
        return """
                 IF NOT EXISTS (SELECT FROM mosaic.guard AS g
                                WHERE g.table_schema = %1$s AND g.table_name = %2$s
                                  AND g.map_version = %3$s AND g.checksum = %4$s)
                    OR (SELECT count(*) FROM pg_trigger
                        WHERE tgrelid = %5$s::regclass AND tgenabled = 'O' AND tgname IN ('%7$s')) < %8$d
                 THEN
                   LOCK TABLE %6$s IN SHARE ROW EXCLUSIVE MODE;
                   %9$s;
                   INSERT INTO mosaic.guard (table_schema, table_name, map_version, checksum)
                     VALUES (%1$s, %2$s, %3$s, %4$s)
                     ON CONFLICT (table_schema, table_name) DO UPDATE
                     SET map_version = EXCLUDED.map_version, checksum = EXCLUDED.checksum, installed_at = now();
                 END IF;
               """.formatted(
                        SqlText.literal(table.schema()),
                        SqlText.literal(table.name()),
                        SqlText.bigint(map.version()),
                        SqlText.literal(guard.checksum()),
                        SqlText.literal(table.qualifiedName()),
                        table.qualifiedName(),
                        String.join("', '", TableGuard.TRIGGERS),
                        TableGuard.TRIGGERS.size(),
                        String.join(";\n    ", guard.statements()));
    }

    private static String removeOne(GuardedTable table) {
        String drops = TableGuard.TRIGGERS.stream()
                .map(trigger -> "DROP TRIGGER IF EXISTS " + trigger + " ON " + table.qualifiedName() + ";")
                .collect(Collectors.joining("\n    "));
        return """
                 IF to_regclass(%1$s) IS NOT NULL THEN
                   LOCK TABLE %2$s IN SHARE ROW EXCLUSIVE MODE;
                   %3$s
                 END IF;
                 DELETE FROM mosaic.guard WHERE table_schema = %4$s AND table_name = %5$s;
               """.formatted(
                        SqlText.literal(table.qualifiedName()),
                        table.qualifiedName(),
                        drops,
                        SqlText.literal(table.schema()),
                        SqlText.literal(table.name()));
    }

    /** No session can be in one: whoever fired its trigger held a lock that the change waited for. */
    private static String dropUnusedFunctions() {
        return """
                 FOR unused IN
                   SELECT p.oid FROM pg_proc AS p
                   WHERE p.pronamespace = 'mosaic'::regnamespace AND p.proname LIKE 'owns\\_%' AND NOT EXISTS (
                     SELECT FROM pg_depend AS d WHERE d.refclassid = 'pg_proc'::regclass AND d.refobjid = p.oid)
                 LOOP
                   EXECUTE 'DROP FUNCTION ' || unused::text;
                 END LOOP;
               """;
    }
}
