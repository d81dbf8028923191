package io.pgmosaic.operator.migration.backfill;

import io.pgmosaic.routing.guard.SqlText;

/**
 * A column of a primary key.
 *
 * @param name quoted
 * @param type as SQL names it
 */
record KeyColumn(String name, String type) {
    String literal(String value) {
        return SqlText.literal(value) + "::" + type;
    }
}
