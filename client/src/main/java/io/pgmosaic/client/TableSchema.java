package io.pgmosaic.client;

import io.pgmosaic.client.SchemaKeeper.Stage;
import org.jspecify.annotations.Nullable;

/**
 * How far migrations of a table are, for an application that chooses its statements by that. Thread-safe.
 *
 * <p>Nothing is true too early: what the router has not said, or said too long ago, is not there. So the statements for the old schema
 * have to work until no application uses them any more; then contract is approved. A migration or a table that the router does not
 * know is one that has not begun, a misspelt name as well. Asks the router at most once in the settings' refresh interval.
 */
public final class TableSchema {
    private final SchemaKeeper keeper;
    private final String table;
    private final @Nullable String shard;

    TableSchema(SchemaKeeper keeper, String table, @Nullable String shard) {
        this.keeper = keeper;
        this.table = required(table, "table");
        this.shard = shard;
    }

    /** The same on one shard alone. */
    public TableSchema on(String name) {
        return new TableSchema(keeper, table, required(name, "shard"));
    }

    /** Whether what the migration's expand step adds is there. */
    public boolean isExpanded(String migration) {
        return stage(migration).expanded();
    }

    /** Whether the rows that there were are filled as well. */
    public boolean isFilled(String migration) {
        return stage(migration).filled();
    }

    /** Whether what the contract step takes away is gone as well. */
    public boolean isComplete(String migration) {
        return stage(migration).complete();
    }

    /**
     * What fits the table's schema.
     *
     * @param filled once the rows that there were are filled
     * @param before until then, and whenever that is not known
     */
    public <T> T choose(String migration, T filled, T before) {
        return isFilled(migration) ? filled : before;
    }

    private Stage stage(String migration) {
        return keeper.stages(table, required(migration, "migration")).of(shard);
    }

    private static String required(String name, String what) {
        if (name == null || name.isEmpty()) {
            throw new IllegalArgumentException("name the " + what);
        }
        return name;
    }
}
