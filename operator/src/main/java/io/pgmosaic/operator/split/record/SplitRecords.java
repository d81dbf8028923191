package io.pgmosaic.operator.split.record;

import io.pgmosaic.api.v1alpha1.cluster.CloneState;
import io.pgmosaic.api.v1alpha1.cluster.MigrationState;
import io.pgmosaic.api.v1alpha1.cluster.ShardMapState;
import io.pgmosaic.api.v1alpha1.cluster.ShardState;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterStatus;
import io.pgmosaic.api.v1alpha1.cluster.SplitState;
import io.pgmosaic.maps.RecordedMap;
import io.pgmosaic.routing.recipe.MapRecipe;
import io.pgmosaic.routing.split.SplitRule;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Changes of who owns what, each from one status to the next. */
public final class SplitRecords {
    private SplitRecords() {}

    /** The record of the split with this identifier. */
    public static Optional<SplitState> find(ShardedClusterStatus status, String uid) {
        return status.splits().stream().filter(split -> split.uid().equals(uid)).findFirst();
    }

    /** What a recorded split does to a map. */
    public static SplitRule rule(SplitState split) {
        return new SplitRule(
                split.source(),
                split.parts(),
                split.cuts().stream()
                        .map(cut -> new SplitRule.Cut(cut.group(), cut.placement(), cut.from()))
                        .toList(),
                split.movedKeys().stream()
                        .map(key -> new SplitRule.MovedKey(key.group(), key.key(), key.shard()))
                        .toList());
    }

    /**
     * The split begins: its targets are shards that own nothing yet.
     *
     * @param clones whether they begin with the source's data; else they begin empty
     * @throws OvertakenException when it has begun, or a migration is under way, or a shard of it is another split's, or a target exists by now
     */
    public static ShardedClusterStatus begun(ShardedClusterStatus status, SplitState split, boolean clones)
            throws OvertakenException {
        MigrationState migration = status.migration();
        if (migration != null) {
            throw new OvertakenException("SchemaMigration " + migration.name() + " is under way");
        }
        for (SplitState other : status.splits()) {
            if (other.uid().equals(split.uid())) {
                throw new OvertakenException("the split has begun already");
            }
            if (other.source().equals(split.source()) || other.targets().contains(split.source())) {
                throw new OvertakenException(
                        "shard " + split.source() + " is part of split " + other.name() + ", which is under way");
            }
        }
        Set<String> known = status.shards().stream().map(ShardState::name).collect(Collectors.toSet());
        List<ShardState> shards = new ArrayList<>(status.shards());
        for (String target : split.targets()) {
            if (known.contains(target)) {
                throw new OvertakenException("shard " + target + " exists");
            }
            shards.add(ShardState.born(target, split.name(), clones ? new CloneState(split.source(), false) : null));
        }
        return status.with(status.map(), shards, with(status.splits(), split));
    }

    /**
     * The target's clone follows the source no more.
     *
     * @throws OvertakenException when the split is finished or its record gone, or the target is no clone
     */
    public static ShardedClusterStatus cut(ShardedClusterStatus status, String uid, String target)
            throws OvertakenException {
        SplitState split = unfinished(status, uid);
        List<ShardState> shards = new ArrayList<>();
        boolean found = false;
        for (ShardState shard : status.shards()) {
            CloneState clone = shard.clonedFrom();
            if (clone != null && shard.name().equals(target) && split.targets().contains(target)) {
                found = true;
                shards.add(shard.withClonedFrom(new CloneState(clone.source(), true)));
            } else {
                shards.add(shard);
            }
        }
        if (!found) {
            throw new OvertakenException("shard " + target + " is no clone of this split");
        }
        return status.with(status.map(), shards, status.splits());
    }

    /**
     * The keys go to the targets, or back to the source.
     *
     * @param version of the map in which that was found to be safe
     * @param terms of the shards in which it was; a primary of a later term may know less
     */
    public static ShardedClusterStatus handedOver(
            ShardedClusterStatus status, String uid, long version, Map<String, Long> terms) throws OvertakenException {
        SplitState split = present(status, uid, version);
        for (ShardState shard : status.shards()) {
            Long term = terms.get(shard.name());
            if (term != null && !term.equals(shard.term())) {
                throw new OvertakenException(
                        "shard " + shard.name() + " is in term " + shard.term() + ", and was in term " + term);
            }
        }
        MapRecipe map = recipe(status);
        MapRecipe after = split.switched() ? rule(split).undo(map) : rule(split).apply(map);
        return status.with(
                RecordedMap.of(after), status.shards(), with(status.splits(), state(split, !split.switched(), false)));
    }

    /** The same map in a new version, which ends what was frozen to end the present one. */
    public static ShardedClusterStatus thawed(ShardedClusterStatus status, String uid, long version)
            throws OvertakenException {
        present(status, uid, version);
        return status.with(RecordedMap.of(later(recipe(status))), status.shards(), status.splits());
    }

    /** Whoever has the keys keeps them. */
    public static ShardedClusterStatus finished(ShardedClusterStatus status, String uid, long version)
            throws OvertakenException {
        SplitState split = present(status, uid, version);
        return status.with(
                RecordedMap.of(later(recipe(status))),
                status.shards(),
                with(status.splits(), state(split, split.switched(), true)));
    }

    /** The record ends, and with it the shards that own nothing by it. */
    public static ShardedClusterStatus forgotten(ShardedClusterStatus status, String uid) throws OvertakenException {
        SplitState split =
                find(status, uid).orElseThrow(() -> new OvertakenException("the split is not recorded any more"));
        if (!split.finished()) {
            throw new OvertakenException("the split is not finished");
        }
        List<String> owners = recipe(status).allShards();
        List<ShardState> shards = status.shards().stream()
                .map(shard -> isOf(split, shard.name()) && !owners.contains(shard.name()) ? shard.retire() : shard)
                .toList();
        return status.with(
                status.map(),
                shards,
                status.splits().stream()
                        .filter(other -> !other.uid().equals(uid))
                        .toList());
    }

    private static boolean isOf(SplitState split, String shard) {
        return split.source().equals(shard) || split.targets().contains(shard);
    }

    private static SplitState present(ShardedClusterStatus status, String uid, long version) throws OvertakenException {
        SplitState split = unfinished(status, uid);
        long found = map(status).version();
        if (found != version) {
            throw new OvertakenException("the map is of version " + found + ", and was of version " + version);
        }
        return split;
    }

    private static SplitState unfinished(ShardedClusterStatus status, String uid) throws OvertakenException {
        SplitState split =
                find(status, uid).orElseThrow(() -> new OvertakenException("the split is not recorded any more"));
        if (split.finished()) {
            throw new OvertakenException("the split is finished");
        }
        return split;
    }

    private static SplitState state(SplitState split, boolean switched, boolean finished) {
        return new SplitState(
                split.name(),
                split.uid(),
                split.source(),
                split.parts(),
                split.cuts(),
                split.movedKeys(),
                switched,
                finished);
    }

    private static List<SplitState> with(List<SplitState> splits, SplitState changed) {
        List<SplitState> after = new ArrayList<>();
        splits.stream().filter(split -> !split.uid().equals(changed.uid())).forEach(after::add);
        after.add(changed);
        return after;
    }

    private static MapRecipe later(MapRecipe map) {
        return new MapRecipe(
                map.version() + 1,
                map.defaultRegion(),
                map.placements(),
                map.overrides(),
                map.groups(),
                map.directory());
    }

    private static MapRecipe recipe(ShardedClusterStatus status) {
        return RecordedMap.recipe(map(status));
    }

    private static ShardMapState map(ShardedClusterStatus status) {
        return Objects.requireNonNull(status.map(), "a cluster with a split has a map");
    }
}
