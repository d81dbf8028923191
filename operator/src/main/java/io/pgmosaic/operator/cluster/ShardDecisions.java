package io.pgmosaic.operator.cluster;

import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.pgmosaic.api.v1alpha1.cluster.ShardState;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterSpec;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterStatus;
import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.plan.ShardPlan;
import io.pgmosaic.operator.status.Records;
import io.pgmosaic.operator.status.ShardView;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Decides for every shard, stores the decision, and only then sends the commands that it backs. What a decision calls for is
 * planned in the same pass, from the record as it is stored.
 */
final class ShardDecisions {
    /** More decisions than that in one pass would be two that undo each other. */
    private static final int MOST_IN_A_PASS = 3;

    /**
     * What was decided.
     *
     * @param cluster as it is stored now
     * @param views of its shards, each with the last plan
     * @param history every status that was stored on the way, oldest first, beginning with the one before
     */
    record Decided(ShardedCluster cluster, List<ShardView> views, List<ShardedClusterStatus> history) {
        Decided {
            views = List.copyOf(views);
            history = List.copyOf(history);
        }

        /** Whether the last plans have something to record, which is for the next pass. */
        boolean isUnfinished() {
            return !isRecorded(cluster, views);
        }
    }

    private final ClusterEffects effects;
    private final ShardPlanning planning;

    ShardDecisions(ClusterEffects effects) {
        this.effects = effects;
        this.planning = new ShardPlanning(effects);
    }

    /**
     * @throws io.fabric8.kubernetes.client.KubernetesClientException with code 409 when somebody else changed the cluster;
     *     nothing was sent that the stored records do not back
     */
    Decided decide(
            ShardedCluster cluster,
            ShardedClusterSpec spec,
            Map<String, StatefulSet> sets,
            Optional<PrerequisiteSource.Prerequisites> prerequisites,
            Context<ShardedCluster> context) {
        List<ShardedClusterStatus> history = new ArrayList<>(List.of(cluster.getStatus()));
        ShardedCluster recorded = cluster;
        List<ShardView> views = planning.plan(recorded, spec, sets, prerequisites);
        while (!isRecorded(recorded, views) && history.size() <= MOST_IN_A_PASS) {
            recorded = store(recorded, views, context);
            history.add(recorded.getStatus());
            views = planning.plan(recorded, spec, sets, prerequisites);
        }
        effects.terms.act(key(recorded), recorded.getStatus().shards());
        send(recorded, views);
        return new Decided(recorded, views, history);
    }

    private static boolean isRecorded(ShardedCluster cluster, List<ShardView> views) {
        Map<String, ShardState> states = states(cluster);
        return views.stream().allMatch(view -> isRecorded(states, view.plan()));
    }

    private static boolean isRecorded(Map<String, ShardState> states, ShardPlan plan) {
        return plan.record().equals(Records.of(state(states, plan)));
    }

    private static ShardState state(Map<String, ShardState> states, ShardPlan plan) {
        return Objects.requireNonNull(states.get(plan.record().shard()));
    }

    private static Map<String, ShardState> states(ShardedCluster cluster) {
        return cluster.getStatus().shards().stream().collect(Collectors.toMap(ShardState::name, Function.identity()));
    }

    private ShardedCluster store(ShardedCluster cluster, List<ShardView> views, Context<ShardedCluster> context) {
        ShardedClusterStatus status = cluster.getStatus();
        Map<String, ShardState> states = states(cluster);
        Map<String, ShardState> changed = views.stream()
                .map(ShardView::plan)
                .filter(plan -> !isRecorded(states, plan))
                .collect(Collectors.toMap(
                        plan -> plan.record().shard(), plan -> Records.with(state(states, plan), plan.record())));
        List<ShardState> shards = status.shards().stream()
                .map(state -> changed.getOrDefault(state.name(), state))
                .toList();
        effects.terms.hold(key(cluster));
        return effects.statuses.store(cluster, status.with(status.map(), shards, status.splits()), context);
    }

    /** A plan that would change its record once more has no commands that the stored one backs. */
    private void send(ShardedCluster recorded, List<ShardView> views) {
        Map<String, ShardState> states = states(recorded);
        views.stream()
                .map(ShardView::plan)
                .filter(plan -> isRecorded(states, plan))
                .flatMap(plan -> plan.commands().stream())
                .forEach(command -> effects.commands.send(key(recorded), command));
    }

    private static ClusterKey key(ShardedCluster cluster) {
        return new ClusterKey(
                cluster.getMetadata().getNamespace(), cluster.getMetadata().getName());
    }
}
