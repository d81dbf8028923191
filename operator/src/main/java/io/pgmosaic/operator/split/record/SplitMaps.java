package io.pgmosaic.operator.split.record;

import io.pgmosaic.api.v1alpha1.cluster.ShardMapState;
import io.pgmosaic.api.v1alpha1.cluster.ShardingSpec;
import io.pgmosaic.api.v1alpha1.cluster.SplitState;
import io.pgmosaic.maps.ClusterMap;
import io.pgmosaic.maps.PlacedTable;
import io.pgmosaic.maps.RecordedMap;
import io.pgmosaic.operator.split.MovingTable;
import io.pgmosaic.routing.guard.Guard;
import io.pgmosaic.routing.guard.GuardedTable;
import io.pgmosaic.routing.map.ShardMap;
import io.pgmosaic.routing.recipe.MapRecipe;
import io.pgmosaic.routing.split.SplitRule;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** The maps between which a split's keys change hands, and what each says of the tables. */
public final class SplitMaps {
    /**
     * A table under both maps.
     *
     * @param present in force
     * @param next after the keys change hands: to the targets, or back to the source
     */
    public record Table(GuardedTable table, ShardMap present, ShardMap next) {}

    private final SplitState split;
    private final List<Table> tables;
    private final ShardingSpec sharding;
    private final IdentityHashMap<ShardMap, Map<String, Guard>> guards = new IdentityHashMap<>();

    private SplitMaps(SplitState split, List<Table> tables, ShardingSpec sharding) {
        this.split = split;
        this.tables = List.copyOf(tables);
        this.sharding = sharding;
    }

    /** @throws IllegalArgumentException when the split cannot be made of this map; the message is for a person */
    public static SplitMaps of(ShardMapState present, ShardingSpec sharding, SplitState split) {
        MapRecipe recipe = RecordedMap.recipe(present);
        SplitRule rule = SplitRecords.rule(split);
        MapRecipe next = split.switched() ? rule.undo(recipe) : rule.apply(recipe);
        List<PlacedTable> now = ClusterMap.compile(present, sharding).tables();
        List<PlacedTable> then =
                ClusterMap.compile(RecordedMap.of(next), sharding).tables();
        List<Table> tables = new ArrayList<>();
        for (int i = 0; i < now.size(); i++) {
            tables.add(new Table(
                    now.get(i).guarded(), now.get(i).map(), then.get(i).map()));
        }
        return new SplitMaps(split, tables, sharding);
    }

    /** Every sharded table. */
    public List<Table> tables() {
        return tables;
    }

    /** What moves between the source and {@code target}, whoever has it now; at last the reference tables. */
    public List<MovingTable> moving(String target) {
        List<MovingTable> moving = new ArrayList<>();
        for (Table table : tables) {
            ShardMap before = split.switched() ? table.next() : table.present();
            ShardMap after = split.switched() ? table.present() : table.next();
            if (before.shards().contains(split.source()) && after.shards().contains(target)) {
                moving.add(MovingTable.sharded(table.table(), guard(before, split.source()), guard(after, target)));
            }
        }
        sharding.referenceTables().forEach(table -> moving.add(MovingTable.reference(table.schema(), table.name())));
        return moving;
    }

    /** The guard of a shard, which may be one that owns nothing in the map. */
    public Guard guard(ShardMap map, String shard) {
        return guards.computeIfAbsent(map, unseen -> new HashMap<>())
                .computeIfAbsent(
                        shard,
                        unseen -> map.shards().contains(shard) ? Guard.of(map, shard) : Guard.ofOutsider(map, shard));
    }
}
