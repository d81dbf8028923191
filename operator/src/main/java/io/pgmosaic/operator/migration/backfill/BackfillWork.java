package io.pgmosaic.operator.migration.backfill;

import io.pgmosaic.api.v1alpha1.common.DurationText;
import io.pgmosaic.api.v1alpha1.migration.BackfillSpec;
import io.pgmosaic.operator.migration.sql.RefusedSqlException;
import io.pgmosaic.operator.migration.sql.SqlFragment;
import io.pgmosaic.operator.migration.sql.SqlStatement;
import io.pgmosaic.routing.guard.SqlText;

import java.time.Duration;

/**
 * What a backfill does.
 *
 * @param table quoted, with its schema
 * @param set the list behind SET
 * @param where which rows; true for all
 * @param firstRows of the first batch
 * @param batchTime that a batch is to take
 */
public record BackfillWork(String table, String set, String where, int firstRows, Duration batchTime) {
    /** @throws RefusedSqlException when its texts are not what they are to be, with the name of the field */
    public static BackfillWork of(BackfillSpec spec) throws RefusedSqlException {
        SqlFragment.requireSetList(spec.set());
        if (spec.where() != null) {
            SqlFragment.requireCondition(spec.where());
        }
        return new BackfillWork(
                SqlText.qualified(spec.schema(), spec.table()),
                spec.set(),
                spec.where() == null ? "true" : spec.where(),
                spec.batchRows(),
                DurationText.parse(spec.targetBatchTime()));
    }

    /** By which it is known again; how large its batches are is no part of it. */
    public String checksum() {
        return SqlStatement.checksum(String.join("\n", table, set, where));
    }
}
