package io.pgmosaic.router.http;

import io.pgmosaic.protocol.topology.ClusterTopology;
import io.pgmosaic.protocol.topology.ShardSize;
import io.pgmosaic.protocol.topology.ShardTopology;
import io.pgmosaic.routing.plan.ClusterPlan;
import io.pgmosaic.routing.plan.Load;
import io.pgmosaic.routing.plan.PlannedTable;
import io.pgmosaic.routing.plan.ShardCount;
import io.pgmosaic.routing.recipe.MapRecipe;
import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Answers {@code POST /v1/plan}: what another map, or more shards, would mean. Changes nothing. */
final class PlanAnswer {
    private PlanAnswer() {}

    /** @throws ProblemException when the map in question contradicts itself, or a size is needed that nobody knows */
    static PlanDocument of(PlanRequest request, ClusterTopology topology) throws ProblemException {
        MapRecipe present = topology.map();
        @Nullable MapRecipe after = request.after(present);
        try {
            return PlanDocument.of(
                    present.version(),
                    after == null ? null : after.allShards(),
                    after == null ? null : ClusterPlan.between(present, after, tables(topology), sizes(topology)),
                    count(request, topology));
        } catch (IllegalArgumentException e) {
            throw new ProblemException(Problem.invalidRequest(String.valueOf(e.getMessage())));
        }
    }

    private static List<PlannedTable> tables(ClusterTopology topology) {
        return topology.tables().stream()
                .map(table -> new PlannedTable(
                        table.qualifiedName(), table.group(), table.rowSchema().key()))
                .toList();
    }

    private static Map<String, Map<String, Long>> sizes(ClusterTopology topology) {
        Map<String, Map<String, Long>> sizes = new HashMap<>();
        for (ShardTopology shard : topology.shards()) {
            if (shard.size() != null) {
                sizes.put(shard.shard(), shard.size().tables());
            }
        }
        return sizes;
    }

    private static @Nullable ShardCount count(PlanRequest request, ClusterTopology topology) throws ProblemException {
        PlanRequest.Capacity capacity = request.capacity();
        if (capacity == null) {
            return null;
        }
        PlanRequest.Demand load = Objects.requireNonNullElse(request.load(), new PlanRequest.Demand(null, null, null));
        boolean needsSizes = load.bytes() == null && capacity.bytes() != null;
        Load carried = load.checked(needsSizes ? bytes(topology) : 0);
        return ShardCount.of(carried, capacity.checked());
    }

    private static double bytes(ClusterTopology topology) throws ProblemException {
        double bytes = 0;
        for (ShardTopology shard : topology.shards()) {
            @Nullable ShardSize size = shard.size();
            if (size == null) {
                throw new ProblemException(Problem.invalidRequest("the size of shard " + shard.shard()
                        + " is not known now: give load.bytes, or ask again when the operator has measured it"));
            }
            bytes += size.bytes();
        }
        return bytes;
    }
}
