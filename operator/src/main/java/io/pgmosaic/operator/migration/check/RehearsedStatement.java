package io.pgmosaic.operator.migration.check;

import io.pgmosaic.operator.migration.backfill.BackfillWork;
import io.pgmosaic.operator.migration.record.Step;
import io.pgmosaic.operator.migration.sql.Manner;
import io.pgmosaic.operator.migration.sql.SqlStatement;
import org.jspecify.annotations.Nullable;

/**
 * A statement of a step, in the order in which they would run.
 *
 * @param isInTransaction whether it runs in one, and not alone
 * @param fill the backfill that it stands for; null for none
 */
public record RehearsedStatement(
        Step step,
        String text,
        boolean isInTransaction,
        @Nullable BackfillWork fill) {
    public static RehearsedStatement of(Step step, SqlStatement statement) {
        return new RehearsedStatement(step, statement.text(), statement.manner() instanceof Manner.InTransaction, null);
    }

    /** All rows at once, of which there are none. */
    public static RehearsedStatement of(BackfillWork work) {
        return new RehearsedStatement(
                Step.BACKFILL,
                "UPDATE " + work.table() + " SET " + work.set() + "\nWHERE (" + work.where() + "\n)",
                true,
                work);
    }
}
