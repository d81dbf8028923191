package io.pgmosaic.operator.migration.backfill;

import io.pgmosaic.routing.guard.SqlText;

/**
 * A column of a primary key.
 *
 * @param name as the catalog has it
 * @param quoted the same, as SQL reads it
 * @param type as SQL names it
 */
record KeyColumn(String name, String quoted, String type) {
    String literal(String value) {
        return SqlText.literal(value) + "::" + type;
    }
}
