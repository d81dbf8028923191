package io.pgmosaic.operator.cluster;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.MaxReconciliationInterval;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.pgmosaic.api.v1alpha1.cluster.ShardState;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterSpec;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterStatus;
import io.pgmosaic.maps.DeclaredMap;
import io.pgmosaic.maps.RecordedMap;
import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.desired.ClusterIntent;
import io.pgmosaic.operator.desired.DesiredObjects;
import io.pgmosaic.operator.desired.Labels;
import io.pgmosaic.operator.event.StatusEvents;
import io.pgmosaic.operator.metrics.ClusterMetrics;
import io.pgmosaic.operator.plan.Finding;
import io.pgmosaic.operator.plan.Reason;
import io.pgmosaic.operator.status.ClusterView;
import io.pgmosaic.operator.status.ShardView;
import io.pgmosaic.operator.status.StatusFactory;
import io.pgmosaic.operator.validation.ClusterSpecRules;
import io.pgmosaic.operator.validation.Problem;
import io.pgmosaic.routing.recipe.MapRecipe;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;
import org.jspecify.annotations.Nullable;

import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Brings a cluster to its spec, one pass at a time. A pass never waits: what takes time runs beside it and calls for the
 * next pass when it has news.
 */
@ControllerConfiguration(
        name = "shardedcluster",
        maxReconciliationInterval = @MaxReconciliationInterval(interval = 1, timeUnit = TimeUnit.MINUTES))
public final class ShardedClusterReconciler implements Reconciler<ShardedCluster> {
    private static final Logger LOG = Logger.getLogger(ShardedClusterReconciler.class);

    /** Time-outs and ages are looked at this often when nothing calls for a pass. */
    private static final Duration TICK = Duration.ofSeconds(5);

    private static final Duration SOON = Duration.ofMillis(100);

    private final ClusterEffects effects;
    private final ShardDecisions decisions;
    private final RetiredShards retired;
    private final ClusterSignals signals;
    private final ClusterMetrics metrics;

    public ShardedClusterReconciler(ClusterEffects effects, ClusterSignals signals, ClusterMetrics metrics) {
        this.effects = effects;
        this.decisions = new ShardDecisions(effects);
        this.retired = new RetiredShards(effects);
        this.signals = signals;
        this.metrics = metrics;
    }

    @Override
    public UpdateControl<ShardedCluster> reconcile(ShardedCluster cluster, Context<ShardedCluster> context) {
        MDC.put("namespace", cluster.getMetadata().getNamespace());
        MDC.put("cluster", cluster.getMetadata().getName());
        try {
            return UpdateControl.<ShardedCluster>noUpdate().rescheduleAfter(pass(cluster, context));
        } catch (KubernetesClientException e) {
            return UpdateControl.<ShardedCluster>noUpdate().rescheduleAfter(unfinished(cluster, e, context));
        } finally {
            MDC.clear();
        }
    }

    /** Returns when to look again at the latest. */
    private Duration pass(ShardedCluster cluster, Context<ShardedCluster> context) {
        if (cluster.getMetadata().getDeletionTimestamp() != null) {
            return TICK;
        }
        List<Finding> findings = new ArrayList<>();
        Optional<ShardedClusterSpec> spec = acceptSpec(cluster, findings);
        if (spec.isEmpty()) {
            tell(cluster, new ClusterView(findings, List.of()), context);
            return TICK;
        }
        ClusterIntent intent = ClusterIntent.of(cluster, spec.get(), image(spec.get()));
        RetiredShards.Removed removed =
                retired.remove(recordMap(cluster, spec.get(), context), intent, findings, context);
        ShardedCluster recorded = removed.cluster();
        Optional<PrerequisiteSource.Prerequisites> prerequisites =
                prerequisites(intent, Retirement.staying(recorded.getStatus()), findings);
        ShardDecisions.Decided decided = decisions.decide(recorded, spec.get(), sets(context), prerequisites, context);
        happened(decided);
        List<ShardView> views = decided.views();
        List<Finding> aside = new ArrayList<>(removed.underWay());
        apply(intent, views, prerequisites.isPresent(), findings, aside, context);
        restart(intent, views);
        effects.fencingJobs.keep(decided.cluster(), views, findings);
        tell(decided.cluster(), new ClusterView(findings, views, aside), context);
        return decided.isUnfinished() || views.stream().anyMatch(ShardView::isUnsettled) ? SOON : TICK;
    }

    /** What the API refuses today it may grant in a while, so the next pass comes anyhow; until then a person is told. */
    private Duration unfinished(ShardedCluster cluster, KubernetesClientException e, Context<ShardedCluster> context) {
        if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
            LOG.debug("somebody else changed the cluster; looking again");
            return SOON;
        }
        LOG.warnf(e, "this pass is not finished; trying again");
        if (ApiRefusal.is(e)) {
            tellUnfinished(cluster, e, context);
        }
        return TICK;
    }

    private void tellUnfinished(ShardedCluster cluster, KubernetesClientException e, Context<ShardedCluster> context) {
        ShardedClusterStatus before = cluster.getStatus();
        ShardedClusterStatus after = StatusFactory.unfinished(
                before,
                cluster.getMetadata().getGeneration(),
                ApiRefusal.finding(cluster.getMetadata().getName(), "the operator cannot finish what it has to do", e),
                effects.clock.instant());
        try {
            happened(effects.statuses.store(cluster, after, context), before, after);
        } catch (KubernetesClientException notStored) {
            LOG.warnf("nor can the status say so: %s", notStored.getMessage());
        }
    }

    // ---- 1. the spec -------------------------------------------------------------------------------------------

    /** The spec to run with: the present one if it is valid, else the last one that was. */
    private Optional<ShardedClusterSpec> acceptSpec(ShardedCluster cluster, List<Finding> findings) {
        ShardedClusterSpec running = effects.acceptedSpecs.accepted(cluster).orElse(null);
        List<Problem> found = ClusterSpecRules.problems(cluster, running);
        if (!found.isEmpty() || cluster.getSpec() == null) {
            found.forEach(problem -> findings.add(
                    new Finding(Reason.INVALID_SPEC, cluster.getMetadata().getName(), problem.toString())));
            return Optional.ofNullable(running);
        }
        if (!cluster.getSpec().equals(running)) {
            ClusterIntent intent = ClusterIntent.of(cluster, cluster.getSpec(), image(cluster.getSpec()));
            ConfigMap stored =
                    effects.acceptedSpecs.store(intent, cluster.getMetadata().getGeneration());
            try {
                effects.client
                        .resource(stored)
                        .fieldManager(ObjectApplier.FIELD_MANAGER)
                        .forceConflicts()
                        .serverSideApply();
            } catch (KubernetesClientException e) {
                if (!ApiRefusal.is(e)) {
                    throw e;
                }
                // What runs must not be left alone for what cannot be written down.
                findings.add(ApiRefusal.finding(
                        intent.name(), "the spec cannot be recorded, so the one before stays in force", e));
                return Optional.ofNullable(running);
            }
        }
        return Optional.of(cluster.getSpec());
    }

    private String image(ShardedClusterSpec spec) {
        return spec.postgres().image() == null
                ? effects.settings.instanceImageFor(spec.postgres().version())
                : spec.postgres().image();
    }

    // ---- 2. what must be there before shards can be planned ------------------------------------------------------

    private ShardedCluster recordMap(ShardedCluster cluster, ShardedClusterSpec spec, Context<ShardedCluster> context) {
        ShardedClusterStatus status = cluster.getStatus();
        if (status.map() != null && RecordedMap.hasGroupsOf(status.map(), spec.sharding())) {
            return cluster;
        }
        List<String> names = shardNames(status, spec);
        MapRecipe declared = DeclaredMap.of(names, spec.sharding());
        var map = status.map() == null ? RecordedMap.of(declared) : RecordedMap.withGroupsOf(status.map(), declared);
        List<ShardState> shards = status.map() == null
                ? spec.shards().shardNames().stream().map(ShardState::unknown).toList()
                : status.shards();
        return effects.statuses.store(cluster, status.with(map, shards, status.splits()), context);
    }

    /** Of which a group that is new gets its rows: splits may have changed which shards there are since the spec was written. */
    private static List<String> shardNames(ShardedClusterStatus status, ShardedClusterSpec spec) {
        List<String> declared = spec.shards().shardNames();
        List<String> owners = status.map() == null ? declared : RecordedMap.shards(status.map());
        return Set.copyOf(owners).equals(Set.copyOf(declared)) ? declared : owners;
    }

    private Optional<PrerequisiteSource.Prerequisites> prerequisites(
            ClusterIntent intent, List<ShardState> states, List<Finding> findings) {
        try {
            return Optional.of(effects.prerequisites.ensure(intent, states));
        } catch (ProblemException e) {
            findings.add(problem(intent, e.getMessage()));
            return Optional.empty();
        } catch (KubernetesClientException e) {
            if (!ApiRefusal.is(e)) {
                throw e;
            }
            findings.add(ApiRefusal.finding(intent.name(), "Secrets and ConfigMaps cannot be read or made", e));
            return Optional.empty();
        }
    }

    private static Finding problem(ClusterIntent intent, @Nullable String message) {
        return new Finding(Reason.PREREQUISITE_MISSING, intent.name(), String.valueOf(message));
    }

    // ---- 3. act -------------------------------------------------------------------------------------------------

    private void apply(
            ClusterIntent intent,
            List<ShardView> views,
            boolean withPods,
            List<Finding> findings,
            List<Finding> aside,
            Context<ShardedCluster> context) {
        Set<String> keyless = views.stream()
                .filter(view -> !view.ownsKeys())
                .map(view -> view.facts().identity().shard())
                .collect(Collectors.toSet());
        SequencedMap<String, Integer> replicas = new LinkedHashMap<>();
        views.forEach(view ->
                replicas.put(view.facts().identity().shard(), view.plan().replicas()));
        for (HasMetadata desired : DesiredObjects.of(intent, replicas, effects.settings.topologyUrls())) {
            if (withPods || !(desired instanceof StatefulSet)) {
                String shard = desired.getMetadata().getLabels().getOrDefault(Labels.SHARD, "");
                apply(intent, desired, context)
                        .ifPresent(finding -> (keyless.contains(shard) ? aside : findings).add(finding));
            }
        }
        views.forEach(view -> effects.roleLabels.apply(view.facts(), view.plan().record()));
    }

    /** Returns what a person should know. */
    private Optional<Finding> apply(ClusterIntent intent, HasMetadata desired, Context<ShardedCluster> context) {
        try {
            HasMetadata present = present(desired, context);
            Long generation = effects.objects.apply(desired, present);
            return present instanceof StatefulSet set ? unobserved(intent, set, generation) : Optional.empty();
        } catch (ProblemException e) {
            return Optional.of(problem(intent, e.getMessage()));
        } catch (KubernetesClientException e) {
            String what = desired.getKind() + " " + desired.getMetadata().getName() + " cannot be applied";
            if (ApiRefusal.is(e)) {
                return Optional.of(ApiRefusal.finding(intent.name(), what, e));
            }
            LOG.warnf(e, "%s now; the next pass tries again", what);
            return Optional.empty();
        }
    }

    /**
     * Until its controller has looked at a changed template, nobody can tell from the pods that they are of an older one.
     *
     * @param generation as the template was applied
     */
    private static Optional<Finding> unobserved(ClusterIntent intent, StatefulSet present, @Nullable Long generation) {
        Long observed = present.getStatus() == null ? null : present.getStatus().getObservedGeneration();
        return generation == null || (observed != null && observed >= generation)
                ? Optional.empty()
                : Optional.of(new Finding(
                        Reason.ROLLING_CHANGE,
                        intent.name(),
                        "Kubernetes has not looked at the changed StatefulSet "
                                + present.getMetadata().getName() + " yet"));
    }

    private static @Nullable HasMetadata present(HasMetadata desired, Context<ShardedCluster> context) {
        return context.getSecondaryResourcesAsStream(desired.getClass())
                .filter(found -> found.getMetadata()
                        .getName()
                        .equals(desired.getMetadata().getName()))
                .findFirst()
                .orElse(null);
    }

    /** A pod that is deleted is made anew by its StatefulSet, from the present template. */
    private void restart(ClusterIntent intent, List<ShardView> views) {
        for (ShardView view : views) {
            String instance = view.plan().restart();
            if (instance != null) {
                LOG.infof("the pod %s is deleted, to be made anew", instance);
                effects.client
                        .pods()
                        .inNamespace(intent.namespace())
                        .withName(instance)
                        .delete();
            }
        }
    }

    private static Map<String, StatefulSet> sets(Context<ShardedCluster> context) {
        return context.getSecondaryResourcesAsStream(StatefulSet.class)
                .collect(Collectors.toMap(set -> set.getMetadata().getName(), Function.identity()));
    }

    // ---- 4. tell ------------------------------------------------------------------------------------------------

    private void tell(ShardedCluster cluster, ClusterView view, Context<ShardedCluster> context) {
        ShardedClusterStatus before = cluster.getStatus();
        Instant now = effects.clock.instant();
        ClusterView told = view.withExpired(before.map(), now);
        ShardedClusterStatus after =
                StatusFactory.build(before, cluster.getMetadata().getGeneration(), told, now);
        ShardedCluster stored = effects.statuses.store(cluster, after, context);
        happened(stored, before, after);
        metrics.update(key(cluster), told.shards(), told.expired().size(), after.schemaDrift());
    }

    private void happened(ShardDecisions.Decided decided) {
        List<ShardedClusterStatus> history = decided.history();
        for (int i = 1; i < history.size(); i++) {
            happened(decided.cluster(), history.get(i - 1), history.get(i));
        }
    }

    private void happened(ShardedCluster cluster, ShardedClusterStatus before, ShardedClusterStatus after) {
        StatusEvents.between(before, after)
                .forEach(event -> effects.events.record(cluster, event.kind(), event.reason(), event.message()));
    }

    // ---- what calls for a pass ----------------------------------------------------------------------------------

    @Override
    public List<EventSource<?, ShardedCluster>> prepareEventSources(EventSourceContext<ShardedCluster> context) {
        return List.of(
                signals.eventSource(),
                owned(StatefulSet.class, context),
                owned(Service.class, context),
                owned(PodDisruptionBudget.class, context),
                owned(ConfigMap.class, context));
    }

    private static <T extends HasMetadata> EventSource<?, ShardedCluster> owned(
            Class<T> type, EventSourceContext<ShardedCluster> context) {
        return new InformerEventSource<>(
                InformerEventSourceConfiguration.from(type, ShardedCluster.class)
                        .withLabelSelector(Labels.MANAGED_BY + "=" + Labels.MANAGER)
                        .build(),
                context);
    }

    private static ClusterKey key(ShardedCluster cluster) {
        return new ClusterKey(
                cluster.getMetadata().getNamespace(), cluster.getMetadata().getName());
    }
}
