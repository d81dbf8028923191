package io.pgmosaic.e2e.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pgmosaic.api.v1alpha1.split.ShardSplit;
import io.pgmosaic.api.v1alpha1.split.ShardSplitStatus;
import io.pgmosaic.api.v1alpha1.split.SplitPhase;
import io.pgmosaic.checker.Report;
import io.pgmosaic.e2e.Checkout;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

import java.time.Duration;
import java.util.function.Predicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A shard is split as its document says, while an application writes: the source's primary is lost before the cut-over is approved, and
 * the operator that leads while it is made.
 */
@Tag("kubernetes")
@ExtendWith(OnKubernetes.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SplitTest {
    private static final String EXAMPLE = "examples/split.yaml";
    private static final String SPLIT = "s0-in-two";
    private static final Duration POLL = Duration.ofMillis(200);

    private final Installation installation;
    private final ShopCluster cluster;

    SplitTest(Installation installation) {
        this.installation = installation;
        this.cluster = new ShopCluster(installation, "grow");
    }

    @BeforeAll
    void begin() {
        cluster.apply("instancesPerShard: 2");
        cluster.awaitReady();
    }

    @AfterAll
    void end() {
        installation.kubectl("delete", "split", SPLIT, "-n", Installation.SHOP, "--ignore-not-found");
        cluster.delete();
    }

    @Test
    void aShardIsSplitWhileAnApplicationWrites() {
        try (ApplicationPod application = ApplicationPod.start(installation, cluster)) {
            installation.apply(Checkout.read(EXAMPLE).replace("name: orders", "name: " + cluster.name()));
            awaitPhase(SplitPhase.AWAITING_APPROVAL);
            assertThat(condition("Stalled")).contains("True", "spec.cutOver.approved");

            String old = cluster.primary("s0").getMetadata().getName();
            delete(Installation.SHOP, old);
            awaitComparedAgain();

            patch("{\"spec\": {\"cutOver\": {\"approved\": true}}}");
            delete(Installation.OPERATORS, installation.leader());
            awaitPhase(SplitPhase.SOAKING);
            application.awaitMoreWrites();
            await().atMost(ShopCluster.LIMIT).pollInterval(POLL).untilAsserted(this::theListSaysHowItIs);

            patch("{\"spec\": {\"soakTime\": \"0s\"}}");
            awaitPhase(SplitPhase.COMPLETED);
            cluster.awaitReady();
            application.awaitMoreWrites();
            Report report = application.stop();
            System.out.println(report);
            assertThat(report.violations()).isEmpty();
            assertThat(report.counts()).containsKeys("s0 acknowledged", "s1 acknowledged", "s2 acknowledged");
        }
        describeTellsTheStory();
    }

    private void theListSaysHowItIs() {
        assertThat(installation.kubectl("get", "split", "-n", Installation.SHOP, "-o", "wide"))
                .containsPattern("NAME +CLUSTER +SOURCE +PHASE +PERCENT +ETA +AGE +ROWS/S +LAG +PAUSE +MESSAGE")
                .containsPattern(
                        SPLIT
                                + " +grow +s0 +Soaking +100 +\\S+ +\\d+ +\\d+ +the targets have their keys; a rollback loses nothing");
    }

    private void describeTellsTheStory() {
        assertThat(status().writePauseMillis()).isPositive();
        String told = installation.kubectl("describe", "split", SPLIT, "-n", Installation.SHOP);
        assertThat(told).containsPattern("Write Pause Millis: +\\d+").containsPattern("Switched At: +20\\d\\d-");
        for (String phase : new String[] {
            "Preparing",
            "Copying",
            "CatchingUp",
            "Verifying",
            "AwaitingApproval",
            "Switching",
            "Soaking",
            "Finalizing",
            "Completed"
        }) {
            assertThat(told).as("the history of phases").containsPattern("Phase: +" + phase + "\\s+Since: +20\\d\\d-");
        }
        assertThat(told).as("events").containsPattern("Normal +Verifying ").containsPattern("Normal +Completed ");
    }

    private void delete(String namespace, String pod) {
        installation.client().pods().inNamespace(namespace).withName(pod).delete();
    }

    private void patch(String patch) {
        installation.kubectl("patch", "split", SPLIT, "-n", Installation.SHOP, "--type", "merge", "-p", patch);
    }

    private String condition(String type) {
        return status().conditions().stream()
                .filter(condition -> condition.getType().equals(type))
                .map(condition -> condition.getStatus() + " " + condition.getMessage())
                .findFirst()
                .orElse("");
    }

    private ShardSplitStatus status() {
        return installation
                .client()
                .resources(ShardSplit.class)
                .inNamespace(Installation.SHOP)
                .withName(SPLIT)
                .require()
                .getStatus();
    }

    /** What was compared in an earlier term does not count. */
    private void awaitComparedAgain() {
        awaitStatus(found -> found.phase() == SplitPhase.AWAITING_APPROVAL
                && found.history().stream()
                                .filter(phase -> phase.phase() == SplitPhase.AWAITING_APPROVAL)
                                .count()
                        == 2);
    }

    private void awaitPhase(SplitPhase phase) {
        awaitStatus(found -> found.phase() == phase);
    }

    private void awaitStatus(Predicate<ShardSplitStatus> wanted) {
        await().atMost(ShopCluster.LIMIT)
                .pollInterval(POLL)
                .ignoreExceptionsInstanceOf(KubernetesClientException.class)
                .untilAsserted(() -> {
                    ShardSplitStatus found = status();
                    assertThat(wanted.test(found))
                            .as(() -> installation
                                    .client()
                                    .getKubernetesSerialization()
                                    .asYaml(found))
                            .isTrue();
                });
    }
}
