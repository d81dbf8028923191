package io.pgmosaic.router.lookup;

import io.pgmosaic.protocol.topology.TableRule;
import io.pgmosaic.routing.key.KeySchema;
import io.pgmosaic.routing.map.ShardMap;
import io.pgmosaic.routing.recipe.GroupRecipe;
import io.pgmosaic.routing.recipe.MapRecipe;
import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The compiled map of each group of tables, and of those that are in none. Immutable. */
final class GroupMaps {
    private final ShardMap ofNoGroup;
    private final Map<String, ShardMap> byGroup;

    private GroupMaps(ShardMap ofNoGroup, Map<String, ShardMap> byGroup) {
        this.ofNoGroup = ofNoGroup;
        this.byGroup = Map.copyOf(byGroup);
    }

    /** @throws IllegalArgumentException when a map contradicts itself */
    static GroupMaps compile(MapRecipe recipe, List<TableRule> tables) {
        Map<String, ShardMap> byGroup = new HashMap<>();
        for (GroupRecipe group : recipe.groups()) {
            byGroup.put(group.name(), recipe.of(group.name()).compile(schemas(tables, group.name())));
        }
        return new GroupMaps(recipe.of(null).compile(schemas(tables, null)), byGroup);
    }

    private static List<KeySchema> schemas(List<TableRule> tables, @Nullable String group) {
        return tables.stream()
                .filter(table -> Objects.equals(table.group(), group))
                .map(table -> table.rowSchema().key())
                .toList();
    }

    /**
     * @param group null for none
     * @throws IllegalArgumentException when there is no such group
     */
    ShardMap of(@Nullable String group) {
        @Nullable ShardMap map = group == null ? ofNoGroup : byGroup.get(group);
        if (map == null) {
            throw new IllegalArgumentException("a table is of group " + group + ", which the map has not");
        }
        return map;
    }
}
