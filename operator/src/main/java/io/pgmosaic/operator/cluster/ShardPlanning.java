package io.pgmosaic.operator.cluster;

import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.pgmosaic.api.v1alpha1.cluster.ShardMapState;
import io.pgmosaic.api.v1alpha1.cluster.ShardState;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterSpec;
import io.pgmosaic.maps.ClusterMap;
import io.pgmosaic.maps.RecordedMap;
import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.database.DatabaseIntent;
import io.pgmosaic.operator.database.DatabaseReport;
import io.pgmosaic.operator.database.DatabaseServer;
import io.pgmosaic.operator.desired.ClusterNames;
import io.pgmosaic.operator.desired.Ports;
import io.pgmosaic.operator.plan.InstanceFacts;
import io.pgmosaic.operator.plan.RestartTurns;
import io.pgmosaic.operator.plan.ShardFacts;
import io.pgmosaic.operator.plan.ShardPlan;
import io.pgmosaic.operator.plan.ShardPlanner;
import io.pgmosaic.operator.plan.ShardRecord;
import io.pgmosaic.operator.status.Records;
import io.pgmosaic.operator.status.ShardView;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Gathers the facts of each shard, has a plan made of them, and has the database of a reachable primary looked after. */
final class ShardPlanning {
    private final ClusterEffects effects;

    ShardPlanning(ClusterEffects effects) {
        this.effects = effects;
    }

    /**
     * @param sets the cluster's StatefulSets by name
     * @param prerequisites empty while something that they need is missing
     */
    List<ShardView> plan(
            ShardedCluster cluster,
            ShardedClusterSpec spec,
            Map<String, StatefulSet> sets,
            Optional<PrerequisiteSource.Prerequisites> prerequisites) {
        ShardMapState recorded = Objects.requireNonNull(cluster.getStatus().map());
        ClusterMap map = ClusterMap.compile(recorded, spec.sharding());
        Set<String> owners = Set.copyOf(RecordedMap.shards(recorded));
        List<ShardState> states = Retirement.staying(cluster.getStatus());
        List<ShardFacts> seen = new ArrayList<>();
        for (ShardState state : states) {
            String workload = ClusterNames.workload(cluster.getMetadata().getName(), state.name());
            seen.add(collect(cluster, spec, Records.of(state), updateRevision(sets.get(workload))));
        }
        List<ShardFacts> facts = Clones.tell(cluster.getStatus().shards(), seen);
        Set<String> turns = RestartTurns.of(facts, spec.update().maxShards());
        List<ShardView> views = new ArrayList<>();
        for (int i = 0; i < facts.size(); i++) {
            String shard = states.get(i).name();
            views.add(plan(
                    cluster,
                    states.get(i),
                    facts.get(i).withTurn(turns.contains(shard)),
                    map,
                    owners.contains(shard),
                    prerequisites));
        }
        return views;
    }

    private ShardFacts collect(
            ShardedCluster cluster, ShardedClusterSpec spec, ShardRecord record, @Nullable String updateRevision) {
        return effects.facts.collect(
                cluster, spec, record, effects.fencingJobs.hasProven(cluster, record), updateRevision);
    }

    /** Of the template as it is now; null while the StatefulSet controller has not looked at it. */
    private static @Nullable String updateRevision(@Nullable StatefulSet set) {
        return set == null
                        || set.getStatus() == null
                        || !Objects.equals(
                                set.getStatus().getObservedGeneration(),
                                set.getMetadata().getGeneration())
                ? null
                : set.getStatus().getUpdateRevision();
    }

    /** Plans once to see whether the database can be reached, and once more when it was found ready. */
    private ShardView plan(
            ShardedCluster cluster,
            ShardState state,
            ShardFacts facts,
            ClusterMap map,
            boolean ownsKeys,
            Optional<PrerequisiteSource.Prerequisites> prerequisites) {
        ShardPlan plan = ShardPlanner.plan(facts);
        if (!plan.databaseReachable() || prerequisites.isEmpty()) {
            return new ShardView(
                    facts,
                    plan,
                    effects.databases.last(key(cluster), facts.record().shard()),
                    ownsKeys);
        }
        DatabaseReport report = keepDatabase(cluster, state, facts, map, prerequisites.get());
        if (report == null || !report.ready()) {
            return new ShardView(facts, plan, report, ownsKeys);
        }
        ShardFacts ready = facts.withDatabaseReady();
        return new ShardView(ready, ShardPlanner.plan(ready), report, ownsKeys);
    }

    private @Nullable DatabaseReport keepDatabase(
            ShardedCluster cluster,
            ShardState state,
            ShardFacts facts,
            ClusterMap map,
            PrerequisiteSource.Prerequisites prerequisites) {
        InstanceFacts primary = facts.instances().stream()
                .filter(instance -> instance.name().equals(facts.record().primary()))
                .findFirst()
                .orElseThrow();
        return effects.databases.keep(new DatabaseIntent(
                key(cluster),
                facts.record().shard(),
                new DatabaseServer(
                        primary.name(),
                        facts.record().term(),
                        Objects.requireNonNull(primary.pod().address()),
                        Ports.POSTGRES,
                        prerequisites.secrets().authorityPem()),
                facts.spec().database(),
                facts.spec().owner(),
                prerequisites.secrets().passwords(),
                // What a split makes gets the schema of the shard that is split.
                state.bornOf() == null ? prerequisites.initialSql() : null,
                map.ofNoGroup(),
                map.tables()));
    }

    private static ClusterKey key(ShardedCluster cluster) {
        return new ClusterKey(
                cluster.getMetadata().getNamespace(), cluster.getMetadata().getName());
    }
}
