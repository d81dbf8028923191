package io.pgmosaic.operator.cluster;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.pgmosaic.api.v1alpha1.cluster.FencingJobSpec;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.operator.plan.Finding;
import io.pgmosaic.operator.plan.InstanceFacts;
import io.pgmosaic.operator.plan.OpenElection;
import io.pgmosaic.operator.plan.Reason;
import io.pgmosaic.operator.plan.ShardRecord;
import io.pgmosaic.operator.plan.SynchronousSet;
import io.pgmosaic.operator.status.ShardView;
import io.pgmosaic.operator.status.ShardViews;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

import static org.assertj.core.api.Assertions.assertThat;

/** Against an API that stores what it is given. */
@EnableKubernetesMockClient(crud = true)
class FencingJobsTest {
    private static final String JOB = "orders-s0-fence-5";

    @SuppressWarnings("NullAway.Init")
    private KubernetesClient client;

    private final ShardedCluster orders = Serialization.unmarshal("""
            apiVersion: pgmosaic.io/v1alpha1
            kind: ShardedCluster
            metadata: {name: orders, namespace: shop, uid: uid-1}
            spec:
              postgres: {version: 17}
              failover:
                fencingJob:
                  timeout: 90s
                  template:
                    spec:
                      containers:
                        - name: power-off
                          image: power-off:1
                          env: [{name: LEVEL, value: hard}]
                        - name: witness
                          image: witness:1
            """, ShardedCluster.class);

    private static final ShardRecord LOST = electing(OpenElection.Kind.FAILOVER, SynchronousSet.none());

    private static ShardRecord electing(OpenElection.Kind kind, SynchronousSet synchronous) {
        ShardRecord settled = ShardViews.record("s0");
        return new ShardRecord(
                "s0",
                5,
                settled.primary(),
                settled.bootstrapInstance(),
                settled.systemIdentifier(),
                new ShardRecord.Configuration(1, "f", synchronous, List.of(), List.of(), true),
                new OpenElection(kind, "PodGone", "it is gone", null, ShardViews.NOON, ShardViews.NOON),
                null,
                null);
    }

    private FencingJobs jobs() {
        return new FencingJobs(client);
    }

    /** The standby answers, the primary does not. */
    private static ShardView silent(ShardRecord record) {
        List<InstanceFacts> instances = new ArrayList<>(ShardViews.instances("s0", 1));
        instances.set(0, ShardViews.instance("s0", 0, null));
        return ShardViews.of(record, instances, Reason.FAILING_OVER, false, null);
    }

    private List<Finding> keep(ShardView view) {
        List<Finding> findings = new ArrayList<>();
        jobs().keep(orders, List.of(view), findings);
        return findings;
    }

    private @Nullable Job job() {
        return client.batch().v1().jobs().inNamespace("shop").withName(JOB).get();
    }

    private void jobEnds(JobStatusBuilder status) {
        Job job = Objects.requireNonNull(job());
        job.setStatus(status.build());
        client.resource(job).update();
    }

    private void jobFails() {
        jobEnds(new JobStatusBuilder()
                .addNewCondition()
                .withType("Failed")
                .withStatus("True")
                .endCondition());
    }

    @BeforeEach
    void placeTheOldPrimary() {
        client.resource(new PodBuilder()
                        .withNewMetadata()
                        .withNamespace("shop")
                        .withName("orders-s0-0")
                        .endMetadata()
                        .withNewSpec()
                        .withNodeName("node-3")
                        .endSpec()
                        .build())
                .create();
    }

    @Test
    void runsTheUsersPodAndTellsItWhomToStop() {
        assertThat(keep(silent(LOST))).singleElement().satisfies(finding -> {
            assertThat(finding.reason()).isEqualTo(Reason.FAILING_OVER);
            assertThat(finding.message()).contains(JOB, "orders-s0-0");
        });
        Job job = Objects.requireNonNull(job());
        assertThat(job.getSpec().getBackoffLimit()).isZero();
        assertThat(job.getSpec().getActiveDeadlineSeconds()).isEqualTo(90);
        assertThat(job.getSpec().getTemplate().getSpec().getRestartPolicy()).isEqualTo("Never");
        assertThat(job.getMetadata().getOwnerReferences()).singleElement().satisfies(owner -> assertThat(owner.getUid())
                .isEqualTo("uid-1"));
        Map<String, String> told = Map.of(
                "OLD_PRIMARY", "orders-s0-0",
                "OLD_PRIMARY_NODE", "node-3",
                "SHARD", "s0",
                "CLUSTER", "orders",
                "NAMESPACE", "shop",
                "TERM", "5");
        assertThat(job.getSpec().getTemplate().getSpec().getContainers())
                .hasSize(2)
                .allSatisfy(
                        container -> assertThat(environment(container.getEnv())).containsAllEntriesOf(told))
                .first()
                .satisfies(
                        container -> assertThat(environment(container.getEnv())).containsEntry("LEVEL", "hard"));
        FencingJobSpec spec = Objects.requireNonNull(orders.getSpec().failover().fencingJob());
        assertThat(spec.template().getSpec().getContainers().getFirst().getEnv())
                .as("what the user wrote stays as it is")
                .hasSize(1);
    }

    private static Map<String, String> environment(List<EnvVar> variables) {
        return variables.stream().collect(Collectors.toMap(EnvVar::getName, EnvVar::getValue));
    }

    @Test
    void runsWithoutANodeWhenThePodIsGone() {
        client.pods().inNamespace("shop").withName("orders-s0-0").delete();
        keep(silent(LOST));
        Job job = Objects.requireNonNull(job());
        assertThat(environment(job.getSpec()
                        .getTemplate()
                        .getSpec()
                        .getContainers()
                        .getFirst()
                        .getEnv()))
                .containsEntry("OLD_PRIMARY_NODE", "");
    }

    @Test
    void runsOnceForATerm() {
        keep(silent(LOST));
        Job first = job();
        keep(silent(LOST));
        assertThat(job()).isEqualTo(first);
        assertThat(client.batch().v1().jobs().inNamespace("shop").list().getItems())
                .hasSize(1);
    }

    @Test
    void onlySuccessIsAProof() {
        assertThat(jobs().hasProven(orders, LOST)).as("before there is a Job").isFalse();
        keep(silent(LOST));
        assertThat(jobs().hasProven(orders, LOST)).as("while it runs").isFalse();
        jobFails();
        assertThat(jobs().hasProven(orders, LOST)).as("after it failed").isFalse();
        jobEnds(new JobStatusBuilder().withSucceeded(1));
        assertThat(jobs().hasProven(orders, LOST)).isTrue();
    }

    @Test
    void aProofOfAnEarlierTermIsNone() {
        keep(silent(LOST));
        jobEnds(new JobStatusBuilder().withSucceeded(1));
        ShardRecord later = new ShardRecord(
                "s0",
                6,
                LOST.primary(),
                LOST.bootstrapInstance(),
                LOST.systemIdentifier(),
                LOST.configuration(),
                LOST.election(),
                null,
                null);
        assertThat(jobs().hasProven(orders, later)).isFalse();
        assertThat(jobs().hasProven(orders, ShardViews.record("s0")))
                .as("without an election there is nothing to prove")
                .isFalse();
    }

    @Test
    void aFailedJobBlocksAndMayBeDeletedToRunAgain() {
        keep(silent(LOST));
        jobFails();
        assertThat(keep(silent(LOST))).singleElement().satisfies(finding -> {
            assertThat(finding.reason()).isEqualTo(Reason.FAILOVER_BLOCKED);
            assertThat(finding.message()).contains(JOB, "delete it to have it run again");
        });
        client.batch().v1().jobs().inNamespace("shop").withName(JOB).delete();
        assertThat(keep(silent(LOST))).extracting(Finding::reason).containsExactly(Reason.FAILING_OVER);
        assertThat(job()).isNotNull();
    }

    @Test
    void runsOnlyWhenNothingElseProvesTheEnd() {
        assertThat(keep(silent(ShardViews.record("s0")))).as("no election").isEmpty();
        assertThat(keep(silent(electing(OpenElection.Kind.SWITCHOVER, SynchronousSet.none()))))
                .as("the primary hands over")
                .isEmpty();
        assertThat(keep(silent(electing(OpenElection.Kind.FAILOVER, new SynchronousSet(List.of("orders-s0-1"), 1)))))
                .as("the standbys' promises stop it")
                .isEmpty();
        assertThat(keep(ShardViews.of(LOST, ShardViews.instances("s0", 1), Reason.FAILING_OVER, false, null)))
                .as("it can be told to stop itself")
                .isEmpty();
        assertThat(job()).isNull();
    }

    @Test
    void nothingRunsThatTheSpecDoesNotAskFor() {
        ShardedCluster plain = Serialization.unmarshal("""
                apiVersion: pgmosaic.io/v1alpha1
                kind: ShardedCluster
                metadata: {name: orders, namespace: shop, uid: uid-1}
                spec: {postgres: {version: 17}}
                """, ShardedCluster.class);
        List<Finding> findings = new ArrayList<>();
        jobs().keep(plain, List.of(silent(LOST)), findings);
        assertThat(findings).isEmpty();
        assertThat(job()).isNull();
        assertThat(jobs().hasProven(plain, LOST)).isFalse();
    }
}
