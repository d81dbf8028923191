package io.pgmosaic.e2e.kubernetes;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.pgmosaic.checker.Report;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What people change about a cluster that serves, and about the operator, while an application writes. */
@Tag("kubernetes")
@ExtendWith(OnKubernetes.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LifecycleTest {
    private static final String ONE_SHARD = "shards: {count: 1}";
    private static final String TWO_INSTANCES = "instancesPerShard: 2";
    /** The kubelet brings a changed Secret into a pod within about 90 s. */
    private static final Duration SECRET_LIMIT = Duration.ofMinutes(3);

    private final Installation installation;
    private final ShopCluster cluster;

    LifecycleTest(Installation installation) {
        this.installation = installation;
        this.cluster = new ShopCluster(installation, "life");
    }

    @BeforeEach
    void begin() {
        cluster.apply(ONE_SHARD, TWO_INSTANCES);
        cluster.awaitReady();
    }

    @AfterAll
    void end() {
        cluster.delete();
    }

    @Test
    void instancesAreAddedAndTakenAway() {
        whileAnApplicationWrites(() -> {
            cluster.apply(ONE_SHARD, "instancesPerShard: 3");
            cluster.awaitReady();
            assertThat(cluster.pods()).hasSize(3);
            cluster.apply(ONE_SHARD, TWO_INSTANCES);
            await().atMost(ShopCluster.LIMIT)
                    .untilAsserted(() -> assertThat(cluster.pods()).hasSize(2));
        });
    }

    @Test
    void aChangeThatNeedsARestartGoesFromPodToPod() {
        Map<String, String> before = uids();
        whileAnApplicationWrites(() -> {
            cluster.apply(ONE_SHARD, TWO_INSTANCES, "resources: {requests: {cpu: 90m, memory: 256Mi}}");
            await().atMost(ShopCluster.LIMIT)
                    .untilAsserted(() -> assertThat(uids()).hasSize(2).allSatisfy((pod, uid) -> assertThat(uid)
                            .isNotEqualTo(before.get(pod))));
        });
        assertThat(cluster.shard("s0").lastFailover()).isNotNull().satisfies(change -> assertThat(change.kind())
                .isEqualTo("Switchover"));
    }

    @Test
    void certificatesAreRenewedWithoutARestart() {
        Map<String, String> before = uids();
        whileAnApplicationWrites(() -> {
            cluster.apply(ONE_SHARD, TWO_INSTANCES, "tls: {certificateLifetime: 4000h, renewBefore: 3000h}");
            for (String pod : before.keySet()) {
                await().atMost(SECRET_LIMIT)
                        .ignoreExceptionsInstanceOf(IOException.class)
                        .untilAsserted(() -> assertThat(remaining(pod)).isGreaterThan(Duration.ofHours(3500)));
            }
        });
        assertThat(uids()).isEqualTo(before);
        assertThat(cluster.pods()).allSatisfy(pod -> assertThat(pod.getStatus().getContainerStatuses())
                .extracting(ContainerStatus::getRestartCount)
                .containsOnly(0));
    }

    private Duration remaining(String pod) throws IOException, GeneralSecurityException {
        return Duration.between(
                Instant.now(),
                new Server(installation, pod).certificate().getNotAfter().toInstant());
    }

    @Test
    void theChartIsUpgraded() {
        Map<String, String> before = uids();
        Set<String> operators = names(installation.operators());
        whileAnApplicationWrites(() -> {
            installation.kubectl("apply", "--server-side", "--force-conflicts", "-f", Installation.CHART + "/crds");
            installation.helm("upgrade", "--wait", "--set", "podAnnotations.upgraded=yes");
            await().atMost(ShopCluster.LIMIT).untilAsserted(() -> assertThat(names(installation.operators()))
                    .hasSize(2)
                    .doesNotContainAnyElementsOf(operators));
        });
        assertThat(uids()).as("databases are not restarted").isEqualTo(before);
    }

    @Test
    void aClusterThatIsMadeAgainHasItsData() throws SQLException, IOException {
        Report report = whileAnApplicationWrites(() -> {});
        String system = cluster.shard("s0").systemIdentifier();
        String rows = rows();
        assertThat(Long.parseLong(rows))
                .isLessThanOrEqualTo(report.counts().getOrDefault("s0 acknowledged", 0L))
                .isPositive();
        cluster.delete();
        cluster.apply(ONE_SHARD, TWO_INSTANCES);
        cluster.awaitReady();
        assertThat(cluster.shard("s0").systemIdentifier()).isEqualTo(system);
        assertThat(rows()).isEqualTo(rows);
    }

    private String rows() throws SQLException, IOException {
        return new Server(installation, cluster.primary("s0").getMetadata().getName())
                .ask(cluster, "SELECT count(*) FROM inserts");
    }

    private Report whileAnApplicationWrites(Runnable change) {
        try (ApplicationPod application = ApplicationPod.start(installation, cluster)) {
            change.run();
            cluster.awaitReady();
            application.awaitMoreWrites();
            Report report = application.stop();
            System.out.println(report);
            assertThat(report.violations()).isEmpty();
            return report;
        }
    }

    private Map<String, String> uids() {
        return cluster.pods().stream()
                .collect(Collectors.toMap(pod -> pod.getMetadata().getName(), pod -> pod.getMetadata()
                        .getUid()));
    }

    private static Set<String> names(List<Pod> pods) {
        return pods.stream()
                .map(HasMetadata::getMetadata)
                .map(metadata -> metadata.getName())
                .collect(Collectors.toSet());
    }
}
