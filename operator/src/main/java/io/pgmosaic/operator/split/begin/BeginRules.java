package io.pgmosaic.operator.split.begin;

import io.pgmosaic.api.v1alpha1.cluster.MigrationState;
import io.pgmosaic.api.v1alpha1.cluster.ShardState;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterSpec;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterStatus;
import io.pgmosaic.api.v1alpha1.cluster.SplitState;
import io.pgmosaic.api.v1alpha1.split.ShardSplitSpec;
import io.pgmosaic.api.v1alpha1.split.SplitTarget;
import io.pgmosaic.maps.RecordedMap;
import io.pgmosaic.operator.validation.ShardRules;
import io.pgmosaic.routing.recipe.GroupRecipe;
import io.pgmosaic.routing.recipe.MapRecipe;

import java.util.ArrayList;
import java.util.List;

/** What can be said against a split from the API's objects alone. */
public final class BeginRules {
    private final ShardSplitSpec split;
    private final String cluster;
    private final ShardedClusterSpec spec;
    private final ShardedClusterStatus status;
    private final List<String> problems = new ArrayList<>();

    private BeginRules(ShardSplitSpec split, ShardedCluster cluster, ShardedClusterSpec spec) {
        this.split = split;
        this.cluster = cluster.getMetadata().getName();
        this.spec = spec;
        this.status = cluster.getStatus();
    }

    /**
     * Every problem, each with what to do about it; empty when there is none.
     *
     * @param spec of the cluster, in force
     */
    public static List<String> problems(ShardSplitSpec split, ShardedCluster cluster, ShardedClusterSpec spec) {
        BeginRules rules = new BeginRules(split, cluster, spec);
        rules.source();
        split.targets().forEach(rules::target);
        rules.others();
        rules.migration();
        rules.kind();
        return List.copyOf(rules.problems);
    }

    private void source() {
        if (status.shards().stream().noneMatch(shard -> shard.name().equals(split.source()))) {
            problems.add("source: cluster " + cluster + " has no shard " + split.source() + ", it has "
                    + String.join(
                            ", ", status.shards().stream().map(ShardState::name).toList())
                    + ": write one of these");
        } else if (status.map() != null
                && !RecordedMap.recipe(status.map()).allShards().contains(split.source())) {
            problems.add("source: shard " + split.source() + " owns no key, so there is nothing to split");
        }
    }

    private void target(SplitTarget target) {
        String name = target.name();
        if (name.equals(split.source())) {
            return;
        }
        if (status.shards().stream().anyMatch(shard -> shard.name().equals(name))) {
            problems.add("targets: shard " + name + " exists: write the name of a new one");
        }
        if (ShardRules.clashesWithService(name)) {
            problems.add("targets: " + name + " would clash with the Service of another shard: write another name");
        }
        int length = cluster.length() + 1 + name.length();
        if (length > ShardRules.LONGEST_STATEFUL_SET) {
            problems.add(
                    "targets: " + cluster + "-" + name + " is " + length + " characters, and a shard's objects have "
                            + ShardRules.LONGEST_STATEFUL_SET + " at most: write a shorter name");
        }
    }

    private void others() {
        for (SplitState other : status.splits()) {
            if (other.source().equals(split.source()) || other.targets().contains(split.source())) {
                problems.add("source: shard " + split.source() + " is part of ShardSplit " + other.name()
                        + ", which is under way: wait for its end, or give it up");
            }
        }
    }

    private void migration() {
        MigrationState migration = status.migration();
        if (migration != null) {
            problems.add("cluster: SchemaMigration " + migration.name()
                    + " is changing its shards: wait for its end, which begins this split, or delete it");
        }
    }

    private void kind() {
        if (status.map() == null) {
            problems.add("cluster: " + cluster + " has no map yet: wait until it is Ready");
            return;
        }
        MapRecipe map = RecordedMap.recipe(status.map());
        if (map.directory()) {
            problems.add(
                    "cluster: tables with a directory cannot be split by this version: their entries would not move");
        }
        map.groups().stream()
                .filter(GroupRecipe::directory)
                .forEach(group -> problems.add("cluster: the tables of group " + group.name()
                        + " have a directory, and cannot be split by this version: their entries would not move"));
        if (spec.sharding().allTables().stream()
                .anyMatch(table -> !table.lookupIndexes().isEmpty())) {
            problems.add(
                    "cluster: there are tables with lookup indexes, which this version cannot split: what the shards"
                            + " know of reserved values would not move");
        }
    }
}
