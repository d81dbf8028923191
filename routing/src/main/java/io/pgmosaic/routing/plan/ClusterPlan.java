package io.pgmosaic.routing.plan;

import io.pgmosaic.routing.key.KeySchema;
import io.pgmosaic.routing.recipe.GroupRecipe;
import io.pgmosaic.routing.recipe.MapRecipe;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What another map would mean for a cluster.
 *
 * @param groups the tables of no group first
 */
public record ClusterPlan(List<GroupPlan> groups) {
    public ClusterPlan {
        groups = List.copyOf(groups);
    }

    /**
     * @param tables all that are sharded
     * @param sizes bytes of each table on each shard, by shard; a shard or a table that is missing was not measured
     * @throws IllegalArgumentException when {@code after} lacks a group of {@code before}, or contradicts itself
     */
    public static ClusterPlan between(
            MapRecipe before, MapRecipe after, List<PlannedTable> tables, Map<String, Map<String, Long>> sizes) {
        List<GroupPlan> groups = new ArrayList<>();
        groups.add(group(null, before, after, tables, sizes));
        for (GroupRecipe group : before.groups()) {
            groups.add(group(group.name(), before, after, tables, sizes));
        }
        return new ClusterPlan(groups);
    }

    private static GroupPlan group(
            @Nullable String name,
            MapRecipe before,
            MapRecipe after,
            List<PlannedTable> tables,
            Map<String, Map<String, Long>> sizes) {
        List<PlannedTable> members = tables.stream()
                .filter(table -> Objects.equals(table.group(), name))
                .toList();
        List<String> names = members.stream().map(PlannedTable::name).toList();
        List<KeySchema> keys = members.stream().map(PlannedTable::key).toList();
        MapRecipe was = before.of(name);
        Map<String, Long> bytes = new HashMap<>();
        sizes.forEach((shard, held) -> {
            // A table that is not listed may be anything: one that was locked, one of too many, one that is not there
            // yet.
            if (held.keySet().containsAll(names)) {
                bytes.put(shard, names.stream().mapToLong(held::get).sum());
            }
        });
        return new GroupPlan(
                name,
                names,
                bytes.keySet().containsAll(was.allShards())
                        ? bytes.values().stream().mapToLong(Long::longValue).sum()
                        : null,
                MapChange.between(was.compile(keys), after.of(name).compile(keys), bytes),
                was.directory());
    }
}
