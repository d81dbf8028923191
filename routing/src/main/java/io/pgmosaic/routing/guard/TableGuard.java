package io.pgmosaic.routing.guard;

import java.util.ArrayList;
import java.util.List;

/**
 * What one table's guard consists of.
 *
 * @param statements create it, or replace one that is there; they presuppose {@link GuardSchema}
 * @param checksum of the statements: equal guards have equal ones
 */
record TableGuard(List<String> statements, String checksum) {
    static final List<String> TRIGGERS = List.of("mosaic_guard_delete", "mosaic_guard_insert", "mosaic_guard_update");

    TableGuard {
        statements = List.copyOf(statements);
    }

    static TableGuard of(GuardedTable table, String shard, Predicate lets) {
        return of(
                table,
                lets,
                "mosaic.refuse_row(" + SqlText.literal(table.qualifiedName()) + ", " + SqlText.literal(shard) + ", "
                        + SqlText.literal(table.schema()) + ", " + SqlText.literal(table.name()) + ")");
    }

    /** That of a table whose rows have to be the shard's by the present map and by the next one. */
    static TableGuard frozen(GuardedTable table, String shard, Guard present, Guard next) {
        Predicate stays = next.ownsNothing() ? Predicate.NEVER : next.predicate(table);
        return of(
                table,
                present.predicate(table).and(stays),
                "mosaic.refuse_moving_row(" + SqlText.literal(table.qualifiedName()) + ", " + SqlText.literal(shard)
                        + ")");
    }

    private static TableGuard of(GuardedTable table, Predicate lets, String refusal) {
        // IS NOT TRUE, not NOT: a null key gives null, which a WHEN clause would take for false.
        String wrong = "(" + lets.after() + ") IS NOT TRUE";
        String wasWrong = "(" + lets.before() + ") IS NOT TRUE";
        // Most updates leave the key alone, and one look at the directory is enough for them.
        String changed = lets.changed().isEmpty() ? "" : lets.changed() + " AND ";
        String refuse = "EXECUTE FUNCTION " + refusal;
        List<String> statements = new ArrayList<>(lets.functions());
        statements.add(trigger("delete", table, wasWrong, refuse));
        statements.add(trigger("insert", table, wrong, refuse));
        // Every update, not UPDATE OF the key's columns: a BEFORE trigger can change a column that the statement does
        // not.
        statements.add(trigger("update", table, wasWrong + " OR " + changed + wrong, refuse));
        return new TableGuard(statements, Predicate.digest(String.join(";", statements)));
    }

    private static String trigger(String event, GuardedTable table, String when, String refuse) {
        return "CREATE OR REPLACE TRIGGER mosaic_guard_" + event + " AFTER " + event + " ON " + table.qualifiedName()
                + " FOR EACH ROW WHEN (" + when + ") " + refuse;
    }
}
