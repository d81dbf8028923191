package io.pgmosaic.routing.plan;

import io.pgmosaic.routing.key.KeySchema;
import org.jspecify.annotations.Nullable;

/**
 * A sharded table as planning needs it.
 *
 * @param name {@code schema.name}
 * @param group null when it is in none
 * @param key the columns that are hashed or ordered
 */
public record PlannedTable(String name, @Nullable String group, KeySchema key) {}
