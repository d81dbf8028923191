package io.pgmosaic.operator.validation;

import io.pgmosaic.api.v1alpha1.cluster.FencingSpec;

import java.util.List;
import java.util.Set;

/** What is kept out of service exists, and is not a whole shard by way of its instances. */
final class FencingRules {
    private static final String INSTANCES = "spec.fencing.instances";
    private static final String SHARDS = "spec.fencing.shards";
    private static final int MOST = 256;

    private FencingRules() {}

    static void check(FencingSpec fencing, DeclaredInstances declared, Problems problems) {
        problems.size(INSTANCES, fencing.instances().size(), MOST);
        problems.size(SHARDS, fencing.shards().size(), MOST);
        problems.distinct(INSTANCES, fencing.instances(), "the instance");
        problems.distinct(SHARDS, fencing.shards(), "the shard");
        for (String instance : fencing.instances()) {
            problems.require(
                    declared.exists(instance),
                    INSTANCES,
                    Problem.Kind.CONTRADICTION,
                    "there is no instance " + Shown.of(instance) + ", the cluster's are "
                            + DeclaredInstances.listed(declared.all()) + ": write one of them, or remove it");
        }
        for (String shard : fencing.shards()) {
            problems.require(
                    declared.shards().contains(shard),
                    SHARDS,
                    Problem.Kind.CONTRADICTION,
                    "there is no shard " + Shown.of(shard) + ": write one of "
                            + DeclaredInstances.listed(declared.shards()));
        }
        Set<String> fenced = Set.copyOf(fencing.instances());
        for (String shard : declared.shards()) {
            List<String> all = declared.ofShard(shard);
            problems.require(
                    all.isEmpty() || !fenced.containsAll(all),
                    INSTANCES,
                    Problem.Kind.CONTRADICTION,
                    "all instances of the shard " + Shown.of(shard)
                            + " are listed, none would be left to serve: to stop its writes write the shard in"
                            + " fencing.shards instead, or leave one instance out");
        }
    }
}
