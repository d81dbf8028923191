package io.pgmosaic.operator.migration.backfill;

import io.pgmosaic.api.v1alpha1.common.DurationText;
import io.pgmosaic.api.v1alpha1.migration.BackfillSpec;
import io.pgmosaic.operator.migration.sql.RefusedSqlException;
import io.pgmosaic.operator.migration.sql.SqlFragment;
import io.pgmosaic.operator.migration.sql.SqlStatement;
import io.pgmosaic.routing.guard.SqlText;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Set;

/**
 * What a backfill does.
 *
 * @param table quoted, with its schema
 * @param set the list behind SET
 * @param columns that it sets, as the catalog has them
 * @param where which rows; true for all
 * @param firstRows of the first batch
 * @param batchTime that a batch is to take
 * @param maxActiveSessions above which it pauses; null for no limit
 */
public record BackfillWork(
        String table,
        String set,
        Set<String> columns,
        String where,
        int firstRows,
        Duration batchTime,
        @Nullable Integer maxActiveSessions) {
    public BackfillWork {
        columns = Set.copyOf(columns);
    }

    /** @throws RefusedSqlException when its texts are not what they are to be, with the name of the field */
    public static BackfillWork of(BackfillSpec spec) throws RefusedSqlException {
        if (spec.where() != null) {
            SqlFragment.requireCondition(spec.where());
        }
        return new BackfillWork(
                SqlText.qualified(spec.schema(), spec.table()),
                spec.set(),
                SqlFragment.columnsSet(spec.set()),
                spec.where() == null ? "true" : spec.where(),
                spec.batchRows(),
                DurationText.parse(spec.targetBatchTime()),
                spec.maxActiveSessions());
    }

    /** By which it is known again; how large its batches are, and when it pauses, is no part of it. */
    public String checksum() {
        return SqlStatement.checksum(String.join("\n", table, set, where));
    }
}
