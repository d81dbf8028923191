package io.pgmosaic.protocol.topology;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How far a migration is.
 *
 * @param name of the SchemaMigration
 * @param tables that its statements use, change or make, {@code schema.name}; null when that is not known: then it may be any
 * @param everywhere how far every shard is, those that will be made as well
 * @param ahead how far the shards are that are farther
 */
public record SchemaChange(
        String name, @Nullable List<String> tables, SchemaStage everywhere, Map<String, SchemaStage> ahead) {
    /**
     * For how long after an operator has said last how things are what {@link #canBeTakenBack} may be relied on. An operator
     * that takes it back says so, and waits for more than twice this time.
     */
    public static final Duration RELIABLE = Duration.ofSeconds(10);

    public SchemaChange {
        tables = tables == null ? null : List.copyOf(tables);
        everywhere = everywhere == null ? SchemaStage.NONE : everywhere;
        ahead = ahead == null ? Map.of() : Map.copyOf(ahead);
    }

    public SchemaStage on(String shard) {
        SchemaStage own = ahead.getOrDefault(shard, everywhere);
        return own.compareTo(everywhere) > 0 ? own : everywhere;
    }

    /** Whether expand may still be undone. It is not any more once every shard is filled. */
    public boolean canBeTakenBack() {
        return everywhere.compareTo(SchemaStage.FILLED) < 0;
    }

    /** @param table {@code schema.name} */
    public boolean touches(String table) {
        return tables == null || tables.contains(table);
    }
}
