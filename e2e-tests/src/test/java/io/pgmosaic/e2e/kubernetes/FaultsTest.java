package io.pgmosaic.e2e.kubernetes;

import io.fabric8.kubernetes.api.model.Pod;
import io.pgmosaic.checker.Report;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What breaks, while an application writes. Whatever it is, nothing that was acknowledged is lost, and all is well afterwards. */
@Tag("kubernetes")
@ExtendWith(OnKubernetes.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FaultsTest {
    private static final Duration API_AWAY = Duration.ofMinutes(1);
    private static final String SHARD = "s0";

    private final Installation installation;
    private final ShopCluster cluster;

    FaultsTest(Installation installation) {
        this.installation = installation;
        this.cluster = new ShopCluster(installation, "faults");
    }

    @BeforeEach
    void begin() {
        cluster.apply();
        cluster.awaitReady();
    }

    @AfterEach
    void mend() {
        installation.cluster().node().ifPresent(Node::mend);
    }

    @AfterAll
    void end() {
        cluster.delete();
    }

    @Test
    void primaryPodDeleted() {
        survive(() -> delete(Installation.SHOP, primary()));
        assertThat(change()).isEqualTo("Switchover");
    }

    @Test
    void primaryPodDeletedAtOnce() {
        survive(() -> installation
                .client()
                .pods()
                .inNamespace(Installation.SHOP)
                .withName(primary())
                .withGracePeriod(0)
                .delete());
    }

    @Test
    void containerKilled() {
        Node node = node();
        survive(() -> Blow.CONTAINER_KILL.strike(installation, node, cluster.primary(SHARD)));
    }

    @Test
    void leaderDeletedInTheMiddleOfAFailover() {
        Node node = node();
        survive(() -> {
            Blow.CONTAINER_KILL.strike(installation, node, cluster.primary(SHARD));
            delete(Installation.OPERATORS, installation.leader());
        });
    }

    @Test
    void nodeOfThePrimaryLost() {
        Node node = node();
        String lost = primary();
        survive(() -> {
            Blow.NODE_LOST.strike(installation, node, cluster.primary(SHARD));
            awaitAnotherPrimary(lost);
            node.mend();
        });
    }

    @Test
    void primaryCutOffFromEverybody() {
        Node node = node();
        String old = primary();
        survive(() -> {
            Blow.PARTITION.strike(installation, node, cluster.primary(SHARD));
            awaitAnotherPrimary(old);
            node.mend();
        });
    }

    @Test
    void primaryCutOffFromItsStandbys() {
        Node node = node();
        survive(() -> {
            Pod primary = cluster.primary(SHARD);
            others(primary)
                    .forEach(standby -> node.cut(
                            primary.getStatus().getPodIP(), standby.getStatus().getPodIP()));
            cluster.awaitThat(found -> !"Ready".equals(found.getStatus().phase()));
            node.mend();
        });
    }

    @Test
    void leaderCutOffFromTheApi() {
        Node node = node();
        String leader = installation.leader();
        survive(() -> {
            node.isolate(Objects.requireNonNull(installation
                            .client()
                            .pods()
                            .inNamespace(Installation.OPERATORS)
                            .withName(leader)
                            .get())
                    .getStatus()
                    .getPodIP());
            await().atMost(ShopCluster.LIMIT).until(() -> !leader.equals(installation.leader()));
            String old = primary();
            Blow.CONTAINER_KILL.strike(installation, node, cluster.primary(SHARD));
            cluster.awaitTrouble(SHARD, old);
            node.mend();
        });
    }

    @Test
    void apiServerStoppedForAMinute() throws InterruptedException {
        Node node = node();
        try (ApplicationPod application = ApplicationPod.start(installation, cluster)) {
            node.stop("kube-apiserver");
            // The minute is the fault; there is no condition to wait for.
            TimeUnit.SECONDS.sleep(API_AWAY.toSeconds());
            node.start("kube-apiserver");
            cluster.awaitReady();
            Report report = finish(application);
            assertThat(report.gaps()).as("writes went on without the API").allMatch(gap -> gap.seconds() < 5);
        }
    }

    private interface Fault {
        void strike();
    }

    private void survive(Fault fault) {
        try (ApplicationPod application = ApplicationPod.start(installation, cluster)) {
            fault.strike();
            cluster.awaitReadyFor(ShopCluster.SETTLED);
            finish(application);
        }
    }

    private Report finish(ApplicationPod application) {
        application.awaitMoreWrites();
        Report report = application.stop();
        System.out.println(report);
        assertThat(report.violations()).isEmpty();
        return report;
    }

    private void awaitAnotherPrimary(String old) {
        cluster.awaitThat(found -> found.getStatus().shards().stream()
                .filter(shard -> shard.name().equals(SHARD))
                .map(shard -> shard.primary())
                .anyMatch(primary -> primary != null && !primary.equals(old)));
    }

    private Node node() {
        Optional<Node> node = installation.cluster().node();
        assumeTrue(
                node.isPresent(),
                () -> "needs power over the node, which there is not on "
                        + installation.cluster().description());
        return node.orElseThrow();
    }

    private String primary() {
        return cluster.primary(SHARD).getMetadata().getName();
    }

    private List<Pod> others(Pod primary) {
        return cluster.pods().stream()
                .filter(pod -> SHARD.equals(pod.getMetadata().getLabels().get("pgmosaic.io/shard")))
                .filter(pod -> !pod.getMetadata()
                        .getName()
                        .equals(primary.getMetadata().getName()))
                .toList();
    }

    private String change() {
        return Objects.requireNonNull(cluster.shard(SHARD).lastFailover()).kind();
    }

    private void delete(String namespace, String pod) {
        installation.client().pods().inNamespace(namespace).withName(pod).delete();
    }
}
