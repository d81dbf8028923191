package io.pgmosaic.local.cluster;

import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import java.time.Duration;
import java.util.Objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A local cluster for all tests of a class, each of which has the machine for itself. */
final class OneLocalCluster implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final String name;
    private @Nullable LocalCluster local;

    /** @param name of its folder */
    OneLocalCluster(String name) {
        this.name = name;
    }

    LocalCluster local() {
        return Objects.requireNonNull(local, "not started");
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        local = LocalCluster.start(
                Distribution.locate(), name + "-" + ProcessHandle.current().pid());
        await().atMost(LIMIT).until(local::isOperatorReady);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        local().client()
                .resources(ShardedCluster.class)
                .inNamespace(TestCluster.NAMESPACE)
                .delete();
        await().atMost(LIMIT).untilAsserted(() -> assertThat(local().client()
                        .pods()
                        .inNamespace(TestCluster.NAMESPACE)
                        .list()
                        .getItems())
                .isEmpty());
        local().client()
                .persistentVolumeClaims()
                .inNamespace(TestCluster.NAMESPACE)
                .delete();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        local().close();
        local().deleteFolder();
    }
}
