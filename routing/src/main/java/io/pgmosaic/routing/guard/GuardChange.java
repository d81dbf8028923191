package io.pgmosaic.routing.guard;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Changes of the guard of one shard, all of its tables at once, for one version of the map. Each method gives one SQL
 * statement, which changes all or nothing. It needs {@link GuardSchema#create} before it.
 *
 * <p>A table whose guard is intact and equal is not locked; any other is locked against writers, not readers, until the
 * transaction ends. On a partitioned table a guard holds for all its partitions, also for those attached later.
 *
 * @param shard whose guard it is
 * @param version of the map that it implements
 * @param lockTimeoutMillis how long to wait for each lock; then SQLSTATE 55P03, nothing has changed, try again
 */
public record GuardChange(String shard, long version, long lockTimeoutMillis) {
    /** A table, and the guard that it is to have. */
    public record Guarded(GuardedTable table, Guard guard) {}

    /**
     * A table that is to refuse the keys which will not be this shard's any more.
     *
     * @param present its guard by this version of the map
     * @param next its guard by the version that is meant to follow
     */
    public record Freezing(GuardedTable table, Guard present, Guard next) {}

    private record Step(GuardedTable table, TableGuard guard) {}

    /**
     * Puts each table's guard on it. Of a shard that is frozen in this very version it changes nothing: only a newer one
     * thaws, and this one does when it is newer.
     */
    public String install(Collection<Guarded> tables) {
        List<Step> steps = tables.stream()
                .map(one -> new Step(one.table(), one.guard().on(one.table())))
                .toList();
        return unlessFrozen(each(steps, step -> put(step, false)));
    }

    /**
     * Takes the guard off tables that are no longer sharded; one that does not exist any more is forgotten. Of a shard that is
     * frozen in this very version it changes nothing.
     */
    public String remove(Collection<GuardedTable> tables) {
        List<Step> steps = tables.stream()
                .map(table -> new Step(table, new TableGuard(List.of(), "")))
                .toList();
        return unlessFrozen(each(steps, GuardChange::takeOff));
    }

    /**
     * Ends this version for the keys that the shard owns by it and not by the next one: nobody can write them here until the
     * shard has a newer version. When the statement has committed no writer is in flight who could. Repeated, it changes
     * nothing; with tables whose next guard is another one it is refused with SQLSTATE {@code MO002}.
     *
     * @param tables all that are sharded and exist on the shard
     */
    public String freeze(Collection<Freezing> tables) {
        List<Step> steps = tables.stream()
                .map(one -> new Step(one.table(), TableGuard.frozen(one.table(), shard, one.present(), one.next())))
                .toList();
        return Script.of(
                lockTimeoutMillis,
                claimVersion(true)
                        + each(steps, step -> refuseAnotherFreeze(step) + put(step, true))
                        + dropUnusedFunctions());
    }

    private String unlessFrozen(String steps) {
        return Script.of(
                lockTimeoutMillis,
                claimVersion(false)
                        + "IF NOT EXISTS (SELECT FROM mosaic.shard_map AS m WHERE m.frozen_version = m.version) THEN\n"
                        + steps + dropUnusedFunctions() + "END IF;\n");
    }

    /** Holds the lock of the map's row until the transaction ends, so that guard changes come one after the other. */
    private String claimVersion(boolean freezes) {
        return """
                 INSERT INTO mosaic.shard_map AS m (shard, version, frozen_version) VALUES (%1$s, %2$s, %3$s)
                   ON CONFLICT (singleton) DO UPDATE
                   SET version = EXCLUDED.version,
                       frozen_version = CASE
                         WHEN m.version = EXCLUDED.version AND m.frozen_version = m.version THEN m.version
                         ELSE EXCLUDED.frozen_version END,
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
               """.formatted(
                        SqlText.literal(shard), SqlText.bigint(version), freezes ? SqlText.bigint(version) : "NULL");
    }

    /** In one order everywhere, so that two changes do not wait for each other. */
    private static String each(List<Step> steps, Function<Step, String> sql) {
        List<Step> sorted = steps.stream()
                .sorted(Comparator.comparing((Step step) -> step.table().schema())
                        .thenComparing(step -> step.table().name()))
                .toList();
        for (int i = 1; i < sorted.size(); i++) {
            String name = sorted.get(i).table().qualifiedName();
            if (name.equals(sorted.get(i - 1).table().qualifiedName())) {
                throw new IllegalArgumentException("table " + name + " is listed twice");
            }
        }
        return sorted.stream().map(sql).collect(Collectors.joining());
    }

    private String put(Step step, boolean frozen) {
        GuardedTable table = step.table();
        return """
                 IF NOT EXISTS (SELECT FROM mosaic.guard AS g
                                WHERE g.table_schema = %1$s AND g.table_name = %2$s AND g.checksum = %4$s)
                    OR (SELECT count(*) FROM pg_trigger
                        WHERE tgrelid = %5$s::regclass AND tgenabled = 'O' AND tgname IN ('%7$s')) < %8$d
                 THEN
                   LOCK TABLE %6$s IN SHARE ROW EXCLUSIVE MODE;
                   %9$s;
                 END IF;
                 INSERT INTO mosaic.guard AS g (table_schema, table_name, map_version, checksum, frozen)
                   VALUES (%1$s, %2$s, %3$s, %4$s, %10$s)
                   ON CONFLICT (table_schema, table_name) DO UPDATE
                   SET map_version = EXCLUDED.map_version, checksum = EXCLUDED.checksum, frozen = EXCLUDED.frozen,
                       installed_at = CASE WHEN g.checksum = EXCLUDED.checksum THEN g.installed_at ELSE now() END
                   WHERE (g.map_version, g.checksum) <> (EXCLUDED.map_version, EXCLUDED.checksum);
               """.formatted(
                        SqlText.literal(table.schema()),
                        SqlText.literal(table.name()),
                        SqlText.bigint(version),
                        SqlText.literal(step.guard().checksum()),
                        SqlText.literal(table.qualifiedName()),
                        table.qualifiedName(),
                        String.join("', '", TableGuard.TRIGGERS),
                        TableGuard.TRIGGERS.size(),
                        String.join(";\n    ", step.guard().statements()),
                        frozen);
    }

    /** What was frozen for one change of the map would be thawed by freezing it for another. */
    private String refuseAnotherFreeze(Step step) {
        return """
                 IF EXISTS (SELECT FROM mosaic.guard AS g
                            WHERE g.table_schema = %1$s AND g.table_name = %2$s AND g.frozen
                              AND g.map_version = %3$s AND g.checksum <> %4$s) THEN
                   RAISE EXCEPTION USING ERRCODE = 'MO002', MESSAGE = format(
                     'shard %%s is frozen in version %%s of the map for another change; only a newer version ends that',
                     %5$s, %3$s);
                 END IF;
               """.formatted(
                        SqlText.literal(step.table().schema()),
                        SqlText.literal(step.table().name()),
                        SqlText.bigint(version),
                        SqlText.literal(step.guard().checksum()),
                        SqlText.literal(shard));
    }

    private static String takeOff(Step step) {
        GuardedTable table = step.table();
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
