package io.pgmosaic.router.http;

import io.pgmosaic.protocol.Json;
import io.pgmosaic.protocol.MalformedJsonException;
import io.pgmosaic.routing.plan.Load;
import io.pgmosaic.routing.plan.Resize;
import io.pgmosaic.routing.plan.ShardCapacity;
import io.pgmosaic.routing.recipe.GroupRecipe;
import io.pgmosaic.routing.recipe.MapRecipe;
import io.pgmosaic.routing.recipe.PlacementRecipe;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Objects;

/**
 * The body of {@code POST /v1/plan}.
 *
 * @param map that the cluster would have, as {@code GET /v1/map} tells the present one; null when {@code shards} says it
 * @param shards how many there would be, by the same rule; null when {@code map} says it
 * @param capacity of one shard, to tell how many it takes; null when that is not asked
 * @param load that they would carry; null for the data that there is now
 */
record PlanRequest(
        @Nullable MapRecipe map,
        @Nullable Integer shards,
        @Nullable Capacity capacity,
        @Nullable Demand load) {
    /** Positions of the largest ring of the largest cluster. */
    private static final int MOST_POSITIONS = 1 << 20;

    /** As in a ShardedCluster: of the tables of no group, and of each group. */
    private static final int MOST_PLACEMENTS = 64;

    private static final int MOST_GROUPS = 8;

    private static final String FORM =
            "the body is {\"shards\": <number>} or {\"map\": {...}} in the form of GET /v1/map, or {\"capacity\": {...}}"
                    + " and perhaps {\"load\": {...}}";

    /** Null for what is not limited. */
    record Capacity(
            @Nullable Double bytes,
            @Nullable Double writesPerSecond,
            @Nullable Double readsPerSecond,
            @Nullable Integer readServers) {
        /** @throws ProblemException when a number is not above 0 */
        ShardCapacity checked() throws ProblemException {
            try {
                return new ShardCapacity(
                        Objects.requireNonNullElse(bytes, Double.MAX_VALUE),
                        Objects.requireNonNullElse(writesPerSecond, Double.MAX_VALUE),
                        Objects.requireNonNullElse(readsPerSecond, Double.MAX_VALUE),
                        Objects.requireNonNullElse(readServers, 1));
            } catch (IllegalArgumentException e) {
                throw new ProblemException(Problem.invalidRequest("capacity: " + e.getMessage()));
            }
        }
    }

    /** Null for the bytes that there are now, and for no writes or reads. */
    record Demand(
            @Nullable Double bytes,
            @Nullable Double writesPerSecond,
            @Nullable Double readsPerSecond) {
        /** @throws ProblemException when a number is negative */
        Load checked(double present) throws ProblemException {
            try {
                return new Load(
                        Objects.requireNonNullElse(bytes, present),
                        Objects.requireNonNullElse(writesPerSecond, 0.0),
                        Objects.requireNonNullElse(readsPerSecond, 0.0));
            } catch (IllegalArgumentException e) {
                throw new ProblemException(Problem.invalidRequest(String.valueOf(e.getMessage())));
            }
        }
    }

    /** @throws ProblemException when it is not of that form, or larger than any cluster */
    static PlanRequest parse(byte[] body) throws ProblemException {
        PlanRequest request;
        try {
            request = Json.readStrictly(body, PlanRequest.class);
        } catch (MalformedJsonException e) {
            throw new ProblemException(Problem.invalidRequest(e.getMessage() + "; " + FORM));
        }
        if (request.map() != null && request.shards() != null) {
            throw new ProblemException(Problem.invalidRequest("give either map or shards, not both"));
        }
        if (request.map() == null && request.shards() == null && request.capacity() == null) {
            throw new ProblemException(Problem.invalidRequest(FORM));
        }
        if (request.load() != null && request.capacity() == null) {
            throw new ProblemException(Problem.invalidRequest("a load alone says nothing: give capacity, too"));
        }
        if (request.map() != null) {
            checkSize(request.map());
        }
        return request;
    }

    private static void checkSize(MapRecipe map) throws ProblemException {
        if (map.allShards().size() > Resize.MOST) {
            throw new ProblemException(Problem.invalidRequest("a cluster has at most " + Resize.MOST + " shards"));
        }
        if (map.groups().size() > MOST_GROUPS) {
            throw new ProblemException(Problem.invalidRequest("a map has at most " + MOST_GROUPS
                    + " groups of tables, not " + map.groups().size()));
        }
        long positions = positions(map.placements());
        for (GroupRecipe group : map.groups()) {
            positions += positions(group.placements());
        }
        if (positions > MOST_POSITIONS) {
            throw new ProblemException(
                    Problem.invalidRequest("the rings have more than " + MOST_POSITIONS + " positions"));
        }
    }

    private static long positions(List<PlacementRecipe> placements) throws ProblemException {
        if (placements.size() > MOST_PLACEMENTS) {
            throw new ProblemException(Problem.invalidRequest("a map has at most " + MOST_PLACEMENTS
                    + " placements, and each group of tables as many, not " + placements.size()));
        }
        return placements.stream()
                .mapToLong(placement -> (long) placement.shards().size() * placement.virtualNodes())
                .sum();
    }

    /**
     * The map in question; null when only a capacity is.
     *
     * @throws ProblemException when a number of shards does not say where rows would be
     */
    @Nullable
    MapRecipe after(MapRecipe present) throws ProblemException {
        if (shards == null) {
            return map;
        }
        try {
            return Resize.of(present, shards);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(Problem.invalidRequest(String.valueOf(e.getMessage())));
        }
    }
}
