package io.pgmosaic.e2e.kubernetes;

import io.pgmosaic.checker.Report;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

/** What the chart's notes tell a person to do first, in their words. */
@Tag("kubernetes")
@ExtendWith(OnKubernetes.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FirstStepsTest {
    private static final String QUICKSTART = "examples/quickstart.yaml";

    private final Installation installation;
    private final ShopCluster orders;

    FirstStepsTest(Installation installation) {
        this.installation = installation;
        this.orders = new ShopCluster(installation, "orders");
    }

    @BeforeAll
    void quickstart() {
        installation.kubectl("apply", "-n", Installation.SHOP, "-f", QUICKSTART);
        installation.kubectl("wait", "-n", Installation.SHOP, "--for=condition=Ready", "shc/orders", "--timeout=5m");
    }

    @AfterAll
    void end() {
        orders.delete();
    }

    @Test
    void helmTestPasses() {
        assertThat(installation.helmTest()).contains("Phase:", "Succeeded");
    }

    @Test
    void theListSaysHowItIs() {
        assertThat(installation.kubectl("get", "shc", "-n", Installation.SHOP))
                .containsPattern("NAME +PHASE +SHARDS +INSTANCES")
                .containsPattern("orders +Ready +2/2 +6/6 +SemiSync");
    }

    @Test
    void describeTellsWhatAPersonNeeds() {
        assertThat(installation.kubectl("describe", "shc", "orders", "-n", Installation.SHOP))
                .contains("all 2 shards are as declared", "orders-s0-0 is the primary, 2 standbys stream")
                .containsPattern("Role: +Primary")
                .containsPattern("Normal +Bootstrapping .*shard s0: the database is created on orders-s0-0 in term 1")
                .containsPattern("Normal +Ready ")
                .as("nothing alarming in a cluster that just came up")
                .doesNotContain("Warning");
    }

    @Test
    void applyingTheSameAgainChangesNothing() {
        Long generation = orders.get().getMetadata().getGeneration();
        String objects = objects();
        installation.kubectl("apply", "-n", Installation.SHOP, "-f", QUICKSTART);
        installation.kubectl(
                "apply",
                "--server-side",
                "--field-manager=argocd-controller",
                "--force-conflicts",
                "-n",
                Installation.SHOP,
                "-f",
                QUICKSTART);
        assertThat(orders.get().getMetadata().getGeneration()).isEqualTo(generation);
        assertThat(objects()).isEqualTo(objects);
    }

    private String objects() {
        return installation.kubectl(
                "get",
                "statefulsets,services,poddisruptionbudgets,configmaps",
                "-n",
                Installation.SHOP,
                "-l",
                "pgmosaic.io/cluster=orders",
                "-o",
                "jsonpath={range .items[*]}{.kind} {.metadata.name} {.metadata.generation} {.metadata.uid}{\"\\n\"}{end}");
    }

    @Test
    void anApplicationWritesAndReadsThroughTheRouterBesideIt() {
        ShopCluster written = new ShopCluster(installation, "written");
        written.apply("shards: {count: 1}", "instancesPerShard: 1", "replication: {mode: Async}");
        written.awaitReady();
        try (ApplicationPod application = ApplicationPod.start(installation, written)) {
            assertThat(application.containers()).contains("pgmosaic-router");
            Report report = application.stop();
            assertThat(report.violations()).isEmpty();
            assertThat(report.counts()).containsKey("s0 acknowledged");
        } finally {
            written.delete();
        }
    }
}
