package io.pgmosaic.operator.migration.check;

/** What a statement can do that hurts, or that whoever runs the old version of the application does not expect. */
public enum Hazard {
    REWRITES_TABLE("rewrites-table"),
    REBUILDS_INDEX("rebuilds-index"),
    INDEX_BLOCKS_WRITES("index-blocks-writes"),
    NOT_NULL_SCANS("not-null-scans"),
    CHECK_SCANS("check-scans"),
    FOREIGN_KEY_SCANS("foreign-key-scans"),
    SCANS_UNDER_LOCK("scans-under-lock"),
    CHANGES_ROWS("changes-rows"),
    COLUMN_WITHOUT_DEFAULT("column-without-default"),
    DROPS_IN_EXPAND("drops-in-expand"),
    RENAMES_IN_EXPAND("renames-in-expand"),
    CHANGES_TYPE_IN_EXPAND("changes-type-in-expand"),
    SHARDS_DIFFER("shards-differ"),
    /** The schema could not be made elsewhere, so nothing is known. */
    NOT_REHEARSED("not-rehearsed"),
    /** The statement is refused. Nobody can accept that. */
    CANNOT_RUN("cannot-run");

    private final String word;

    Hazard(String word) {
        this.word = word;
    }

    /** As {@code spec.allow} names it. */
    public String word() {
        return word;
    }
}
