package io.pgmosaic.operator.cluster;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.pgmosaic.api.v1alpha1.cluster.FencingJobSpec;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.operator.desired.ClusterNames;
import io.pgmosaic.operator.desired.Labels;
import io.pgmosaic.operator.plan.Finding;
import io.pgmosaic.operator.plan.OpenElection;
import io.pgmosaic.operator.plan.Reason;
import io.pgmosaic.operator.plan.ShardRecord;
import io.pgmosaic.operator.status.ShardView;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Objects;

/**
 * Runs the spec's fencing Job when a primary is to be replaced whose end nothing else proves: commits waited for no standby,
 * and it does not answer. One Job for a term, named after it, so that every operator finds the same; its success is the
 * proof (power cut, network port closed: what the Job does is the user's).
 */
final class FencingJobs {
    private final KubernetesClient client;

    FencingJobs(KubernetesClient client) {
        this.client = client;
    }

    /** Whether the Job of the record's term has succeeded. */
    boolean hasProven(ShardedCluster cluster, ShardRecord record) {
        if (record.election() == null || cluster.getSpec().failover().fencingJob() == null) {
            return false;
        }
        Job job = find(cluster, record);
        return job != null
                && job.getStatus() != null
                && job.getStatus().getSucceeded() != null
                && job.getStatus().getSucceeded() > 0;
    }

    /** Begins the Jobs that are needed and says how those stand that have not succeeded. */
    void keep(ShardedCluster cluster, List<ShardView> views, List<Finding> findings) {
        FencingJobSpec wanted = cluster.getSpec().failover().fencingJob();
        if (wanted == null) {
            return;
        }
        for (ShardView view : views) {
            ShardRecord record = view.plan().record();
            if (isNeeded(view, record)) {
                Job job = find(cluster, record);
                if (job == null) {
                    client.resource(job(cluster, view, record, wanted)).create();
                }
                findings.add(new Finding(
                        job != null && hasFailed(job) ? Reason.FAILOVER_BLOCKED : Reason.FAILING_OVER,
                        record.shard(),
                        "Job " + name(cluster, record) + " is to prove that " + record.primary() + " has stopped"
                                + (job != null && hasFailed(job)
                                        ? "; it failed: look at its log, and delete it to have it run again"
                                        : "")));
            }
        }
    }

    private static boolean isNeeded(ShardView view, ShardRecord record) {
        OpenElection election = record.election();
        return election != null
                && election.kind() == OpenElection.Kind.FAILOVER
                && !view.facts().oldPrimaryStopped()
                && record.configuration().synchronous().acknowledgements() == 0
                && view.facts().instances().stream()
                        .noneMatch(instance -> instance.name().equals(record.primary()) && instance.status() != null);
    }

    private @Nullable Job find(ShardedCluster cluster, ShardRecord record) {
        return client.batch()
                .v1()
                .jobs()
                .inNamespace(cluster.getMetadata().getNamespace())
                .withName(name(cluster, record))
                .get();
    }

    private static boolean hasFailed(Job job) {
        return job.getStatus() != null
                && job.getStatus().getConditions().stream()
                        .anyMatch(condition ->
                                "Failed".equals(condition.getType()) && "True".equals(condition.getStatus()));
    }

    private static String name(ShardedCluster cluster, ShardRecord record) {
        return ClusterNames.workload(cluster.getMetadata().getName(), record.shard()) + "-fence-" + record.term();
    }

    private Job job(ShardedCluster cluster, ShardView view, ShardRecord record, FencingJobSpec wanted) {
        String namespace = cluster.getMetadata().getNamespace();
        String oldPrimary = Objects.requireNonNull(record.primary());
        Pod pod = client.pods().inNamespace(namespace).withName(oldPrimary).get();
        String node = pod == null || pod.getSpec().getNodeName() == null
                ? ""
                : pod.getSpec().getNodeName();
        List<EnvVar> environment = List.of(
                variable("OLD_PRIMARY", oldPrimary),
                variable("OLD_PRIMARY_NODE", node),
                variable("SHARD", record.shard()),
                variable("CLUSTER", cluster.getMetadata().getName()),
                variable("NAMESPACE", namespace),
                variable("TERM", Long.toString(record.term())));
        PodTemplateSpec template = new PodTemplateSpecBuilder(wanted.template()).build();
        template.getSpec()
                .getContainers()
                .forEach(container -> container.getEnv().addAll(environment));
        return new JobBuilder()
                .withNewMetadata()
                .withName(name(cluster, record))
                .withNamespace(namespace)
                .withLabels(Labels.ofShard(
                        cluster.getMetadata().getName(), view.facts().identity().shard()))
                .addNewOwnerReference()
                .withApiVersion(cluster.getApiVersion())
                .withKind(cluster.getKind())
                .withName(cluster.getMetadata().getName())
                .withUid(cluster.getMetadata().getUid())
                .withController(true)
                .endOwnerReference()
                .endMetadata()
                .withNewSpec()
                .withBackoffLimit(0)
                .withActiveDeadlineSeconds(wanted.timeoutDuration().toSeconds())
                .withTemplate(template)
                .endSpec()
                .build();
    }

    private static EnvVar variable(String name, String value) {
        return new EnvVarBuilder().withName(name).withValue(value).build();
    }
}
