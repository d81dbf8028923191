package io.pgmosaic.maps;

import io.pgmosaic.api.v1alpha1.cluster.PlacementRule;
import io.pgmosaic.api.v1alpha1.cluster.ShardMapState;
import io.pgmosaic.api.v1alpha1.cluster.ShardingSpec;
import io.pgmosaic.api.v1alpha1.cluster.TableGroupSpec;
import io.pgmosaic.routing.map.RowSchema;
import io.pgmosaic.routing.map.ShardMap;
import io.pgmosaic.routing.recipe.MapRecipe;

import java.util.ArrayList;
import java.util.List;

/**
 * The recorded map, ready to be asked, for the tables of a validated spec.
 *
 * @param ofNoGroup of the tables that are in no group
 * @param tables every declared table with the map that places its rows
 */
public record ClusterMap(ShardMap ofNoGroup, List<PlacedTable> tables) {
    public ClusterMap {
        tables = List.copyOf(tables);
    }

    /** @throws IllegalArgumentException when a group is not recorded, or its map contradicts itself */
    public static ClusterMap compile(ShardMapState recorded, ShardingSpec sharding) {
        MapRecipe recipe = RecordedMap.recipe(recorded);
        ShardMap ofNoGroup = compile(recipe.of(null), sharding);
        List<PlacedTable> tables = new ArrayList<>(placed(sharding, ofNoGroup, ""));
        for (TableGroupSpec group : sharding.allGroups()) {
            tables.addAll(placed(group, compile(recipe.of(group.name()), group), group.name()));
        }
        return new ClusterMap(ofNoGroup, tables);
    }

    private static ShardMap compile(MapRecipe recipe, PlacementRule rule) {
        return recipe.compile(
                rule.tables().stream().map(Columns::schema).map(RowSchema::key).toList());
    }

    private static List<PlacedTable> placed(PlacementRule rule, ShardMap map, String group) {
        return rule.tables().stream()
                .map(table -> new PlacedTable(table, map, group))
                .toList();
    }
}
