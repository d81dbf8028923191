package io.pgmosaic.local.cluster;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What is written about a cluster of which there is nothing to write. */
final class QuietClusterTest {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    /** Some passes of the operator, and some looks at the database. */
    private static final Duration WHILE = Duration.ofSeconds(25);

    /** The status is written every 10 s at most when only lags have changed. */
    private static final int STATUS_WRITES = 3;

    @RegisterExtension
    static final OneLocalCluster ONE = new OneLocalCluster("quiet");

    private final LocalCluster local = ONE.local();

    private final List<SharedIndexInformer<? extends HasMetadata>> informers = new ArrayList<>();
    private final List<String> changes = new CopyOnWriteArrayList<>();
    private final List<String> statusWrites = new CopyOnWriteArrayList<>();

    @AfterEach
    void lookNoMore() {
        informers.forEach(SharedIndexInformer::close);
    }

    @Test
    void isWrittenAboutNoMoreThanItsLags() {
        String[] spec = {"shards: {count: 1}", "instancesPerShard: 2"};
        TestCluster cluster = TestCluster.create(local, "quiet", spec);
        cluster.awaitReady();
        long generation = cluster.get().getMetadata().getGeneration();
        watch(StatefulSet.class);
        watch(Service.class);
        watch(ConfigMap.class);
        watch(Secret.class);
        watch(PodDisruptionBudget.class);
        watchStatus();
        cluster.apply(spec);
        annotateAsAnother("quiet-s0");
        await().atMost(LIMIT.plus(WHILE)).during(WHILE).untilAsserted(() -> assertThat(changes)
                .as("only what another manager wrote")
                .allMatch("StatefulSet quiet-s0 annotated"::equals));
        assertThat(statusWrites).hasSizeLessThanOrEqualTo(STATUS_WRITES + 1);
        assertThat(cluster.get().getMetadata().getGeneration()).isEqualTo(generation);
        assertThat(statefulSet("quiet-s0").getMetadata().getAnnotations()).containsEntry("team", "billing");
    }

    private void annotateAsAnother(String name) {
        StatefulSet annotation = new StatefulSet();
        annotation.setMetadata(new ObjectMetaBuilder()
                .withName(name)
                .withNamespace(TestCluster.NAMESPACE)
                .addToAnnotations("team", "billing")
                .build());
        local.client().resource(annotation).fieldManager("another").serverSideApply();
    }

    private StatefulSet statefulSet(String name) {
        return local.client()
                .apps()
                .statefulSets()
                .inNamespace(TestCluster.NAMESPACE)
                .withName(name)
                .get();
    }

    private <T extends HasMetadata> void watch(Class<T> type) {
        informers.add(local.client()
                .resources(type)
                .inNamespace(TestCluster.NAMESPACE)
                .inform(new Changes<>() {
                    @Override
                    public void onUpdate(T before, T after) {
                        boolean written = !Objects.equals(
                                before.getMetadata().getResourceVersion(),
                                after.getMetadata().getResourceVersion());
                        if (written && !isByItsController(before, after)) {
                            boolean annotated = !Objects.equals(
                                    before.getMetadata().getAnnotations(),
                                    after.getMetadata().getAnnotations());
                            changes.add(after.getKind() + " "
                                    + after.getMetadata().getName() + (annotated ? " annotated" : " written"));
                        }
                    }
                }));
    }

    private static boolean isByItsController(HasMetadata before, HasMetadata after) {
        return before instanceof StatefulSet was
                && after instanceof StatefulSet is
                && !Objects.equals(was.getStatus(), is.getStatus());
    }

    private void watchStatus() {
        informers.add(local.client()
                .resources(ShardedCluster.class)
                .inNamespace(TestCluster.NAMESPACE)
                .inform(new Changes<>() {
                    @Override
                    public void onUpdate(ShardedCluster before, ShardedCluster after) {
                        statusWrites.add(String.valueOf(after.getStatus()));
                    }
                }));
    }

    private abstract static class Changes<T> implements ResourceEventHandler<T> {
        @Override
        public void onAdd(T object) {}

        @Override
        public void onDelete(T object, boolean finalStateUnknown) {}
    }
}
