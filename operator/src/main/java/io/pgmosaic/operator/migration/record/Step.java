package io.pgmosaic.operator.migration.record;

import java.util.Locale;

/** A part of a migration, as the record in a shard's database names it. */
public enum Step {
    EXPAND,
    BACKFILL,
    CONTRACT,
    /** Takes back what expand did. With its first row a shard refuses every other step of the migration. */
    UNDO;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Step of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
