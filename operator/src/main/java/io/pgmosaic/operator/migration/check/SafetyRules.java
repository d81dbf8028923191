package io.pgmosaic.operator.migration.check;

import io.pgmosaic.operator.migration.check.Catalog.Column;
import io.pgmosaic.operator.migration.check.Catalog.ColumnNumber;
import io.pgmosaic.operator.migration.check.Catalog.Constraint;
import io.pgmosaic.operator.migration.check.Catalog.Relation;
import io.pgmosaic.operator.migration.record.Step;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Judges what a statement did in the rehearsal by the tables that there were before the migration, and by how large they are. */
final class SafetyRules {
    private final Catalog start;
    private final TableSizes sizes;

    /** @param start what there was before the first statement: what the migration itself makes is nobody's yet */
    SafetyRules(Catalog start, TableSizes sizes) {
        this.start = start;
        this.sizes = sizes;
    }

    /** The message of each hazard, the first of its kind. A backfill has none: it takes the rows in batches. */
    Map<Hazard, String> hazards(RehearsedStatement rehearsed, Effect effect) {
        Map<Hazard, String> found = new EnumMap<>(Hazard.class);
        if (rehearsed.step() == Step.BACKFILL) {
            return found;
        }
        start.tables().forEach(entry -> {
            long table = entry.getKey();
            String name = entry.getValue().name();
            if (!addsColumnWithoutDefault(effect, table, name, found)) {
                work(rehearsed, effect, table, name, found);
            }
        });
        if (rehearsed.step() == Step.EXPAND) {
            expand(effect).forEach(found::putIfAbsent);
        }
        return found;
    }

    /** What takes as long as the table is large. */
    private void work(RehearsedStatement rehearsed, Effect effect, long table, String name, Map<Hazard, String> found) {
        TableSizes.Size size = sizes.of(name);
        Relation after = effect.after().relations().get(table);
        Relation before = effect.before().relations().get(table);
        if (size.bytes() < TableSizes.BIG_BYTES || after == null || before == null) {
            return;
        }
        String big = name + " has " + (size.bytes() >> 20) + " MiB on shard " + size.shard();
        if (before.file() != after.file()) {
            found.putIfAbsent(
                    Hazard.REWRITES_TABLE,
                    big
                            + " and is written anew, while nobody can read or write it: add a column of the new kind, fill it with"
                            + " a backfill, and drop the old one in contract");
        } else if (isIndexBuilt(effect, table) && rehearsed.isInTransaction()) {
            found.putIfAbsent(
                    Hazard.INDEX_BLOCKS_WRITES,
                    big
                            + " and takes no writes while its index is built: write CREATE INDEX CONCURRENTLY; for a key, CREATE"
                            + " UNIQUE INDEX CONCURRENTLY and then ADD CONSTRAINT ... USING INDEX");
        } else if (isIndexRebuilt(effect, table)) {
            found.putIfAbsent(
                    Hazard.REBUILDS_INDEX,
                    big
                            + " and can neither be read nor written while its indexes are built anew: add a column of the new"
                            + " kind, and build its indexes CONCURRENTLY");
        } else if (isForeignKeyChecked(effect, table)) {
            found.putIfAbsent(
                    Hazard.FOREIGN_KEY_SCANS,
                    big
                            + " and takes no writes while the foreign key is checked against its rows: add it with NOT VALID, and"
                            + " VALIDATE CONSTRAINT in a statement of its own");
        } else if (effect.scanned().contains(table)) {
            scanned(effect, table, big, found);
        }
    }

    private static void scanned(Effect effect, long table, String big, Map<Hazard, String> found) {
        if (effect.keepsReadersOut(table)) {
            if (becomesNotNull(effect, table)) {
                found.putIfAbsent(
                        Hazard.NOT_NULL_SCANS,
                        big
                                + " and can neither be read nor written while its rows are searched for NULL: add CHECK (column IS"
                                + " NOT NULL) NOT VALID, VALIDATE CONSTRAINT in a statement of its own, then SET NOT NULL, which"
                                + " searches no more, and drop the check");
            } else if (newConstraints(effect, table).stream().anyMatch(one -> one.kind() == 'c' && one.isValid())) {
                found.putIfAbsent(
                        Hazard.CHECK_SCANS,
                        big
                                + " and can neither be read nor written while its rows are checked: add the check with NOT VALID,"
                                + " and VALIDATE CONSTRAINT in a statement of its own");
            } else {
                found.putIfAbsent(
                        Hazard.SCANS_UNDER_LOCK,
                        big
                                + " and can neither be read nor written while the statement reads its rows: look for a form of it"
                                + " that checks them beforehand, as a valid CHECK does for ATTACH PARTITION");
            }
        } else if (effect.writesTo(table)) {
            found.putIfAbsent(
                    Hazard.CHANGES_ROWS,
                    big + " and its rows are changed in one transaction, which others wait for: write a backfill");
        }
    }

    /** It works where there is no row, and nowhere else. */
    private boolean addsColumnWithoutDefault(Effect effect, long table, String name, Map<Hazard, String> found) {
        if (sizes.of(name).bytes() == 0) {
            return false;
        }
        Optional<Column> column = effect.after().columns().entrySet().stream()
                .filter(entry -> entry.getKey().table() == table
                        && !effect.before().columns().containsKey(entry.getKey()))
                .map(Map.Entry::getValue)
                .filter(added -> added.isNotNull() && !added.isFilled())
                .findFirst();
        column.ifPresent(added -> found.putIfAbsent(
                Hazard.COLUMN_WITHOUT_DEFAULT,
                "column " + added.name() + " of " + name + " is NOT NULL and has no default, which PostgreSQL refuses"
                        + " where there are rows: add it without NOT NULL, fill it with a backfill, and SET NOT NULL in"
                        + " contract"));
        return column.isPresent();
    }

    /** What the old version of the application does not expect. */
    private Map<Hazard, String> expand(Effect effect) {
        Map<Hazard, String> found = new EnumMap<>(Hazard.class);
        start.relations().forEach((number, first) -> {
            Relation before = effect.before().relations().get(number);
            Relation after = effect.after().relations().get(number);
            if (before == null || first.isIndex()) {
                return;
            }
            if (after == null) {
                found.putIfAbsent(Hazard.DROPS_IN_EXPAND, gone(first.name()));
            } else if (!after.name().equals(before.name())) {
                found.putIfAbsent(Hazard.RENAMES_IN_EXPAND, renamed(before.name(), after.name()));
            }
        });
        start.columns().keySet().forEach(number -> column(effect, number, found));
        return found;
    }

    private static void column(Effect effect, ColumnNumber number, Map<Hazard, String> found) {
        Column before = effect.before().columns().get(number);
        Relation table = effect.after().relations().get(number.table());
        if (before == null || table == null) {
            return;
        }
        Column after = effect.after().columns().get(number);
        String name = "column " + before.name() + " of " + table.name();
        if (after == null) {
            found.putIfAbsent(Hazard.DROPS_IN_EXPAND, gone(name));
        } else if (!after.name().equals(before.name())) {
            found.putIfAbsent(Hazard.RENAMES_IN_EXPAND, renamed(name, after.name()));
        } else if (!after.type().equals(before.type())) {
            found.putIfAbsent(
                    Hazard.CHANGES_TYPE_IN_EXPAND,
                    name + " becomes " + after.type() + " and was " + before.type() + ", while the old version of the"
                            + " application runs: add a column of the new type instead, and fill it with a backfill");
        }
    }

    private static String gone(String what) {
        return what + " is dropped while the old version of the application runs: drop it in contract";
    }

    private static String renamed(String what, String name) {
        return what + " becomes " + name
                + " while the old version of the application runs: add the new one, fill it with a"
                + " backfill, and drop the old one in contract";
    }

    private static boolean isIndexBuilt(Effect effect, long table) {
        return newIndexes(effect, table).anyMatch(name -> !hadIndex(effect, table, name));
    }

    /** PostgreSQL drops it, and makes another of its name. */
    private static boolean isIndexRebuilt(Effect effect, long table) {
        return newIndexes(effect, table).anyMatch(name -> hadIndex(effect, table, name));
    }

    private static Stream<String> newIndexes(Effect effect, long table) {
        return effect.after().relations().entrySet().stream()
                .filter(entry -> entry.getValue().isIndex()
                        && entry.getValue().table() == table
                        && !effect.before().relations().containsKey(entry.getKey()))
                .map(entry -> entry.getValue().name());
    }

    private static boolean hadIndex(Effect effect, long table, String name) {
        return effect.before().relations().values().stream()
                .anyMatch(one ->
                        one.isIndex() && one.table() == table && one.name().equals(name));
    }

    private static boolean isForeignKeyChecked(Effect effect, long table) {
        return newConstraints(effect, table).stream().anyMatch(one -> one.kind() == 'f' && one.isValid());
    }

    private static List<Constraint> newConstraints(Effect effect, long table) {
        List<Constraint> found = new ArrayList<>();
        effect.after().constraints().forEach((number, one) -> {
            if (one.table() == table && !effect.before().constraints().containsKey(number)) {
                found.add(one);
            }
        });
        return found;
    }

    private static boolean becomesNotNull(Effect effect, long table) {
        return effect.after().columns().entrySet().stream().anyMatch(entry -> {
            Column before = effect.before().columns().get(entry.getKey());
            return entry.getKey().table() == table
                    && before != null
                    && !before.isNotNull()
                    && entry.getValue().isNotNull();
        });
    }
}
