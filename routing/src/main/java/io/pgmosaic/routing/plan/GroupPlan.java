package io.pgmosaic.routing.plan;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What another map would mean for a group of tables.
 *
 * @param group null for the tables that are in none
 * @param tables as {@code schema.name}
 * @param bytes that they hold on all shards, about; null when a table was not measured on a shard
 * @param directory whether keys that have an entry in a directory are elsewhere than the rule says; they are not counted
 */
public record GroupPlan(
        @Nullable String group,
        List<String> tables,
        @Nullable Long bytes,
        MapChange change,
        boolean directory) {
    public GroupPlan {
        tables = List.copyOf(tables);
    }
}
