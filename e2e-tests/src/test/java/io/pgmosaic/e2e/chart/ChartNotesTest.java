package io.pgmosaic.e2e.chart;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What a person reads who has just installed the chart. */
class ChartNotesTest {
    @Test
    void sayWhatToDoNextAndWhatIsNotPublished() {
        assertThat(Helm.notes())
                .contains("installed in namespace operators, with 2 replicas of which one leads")
                .contains("IMAGE: no image pgmosaic/operator is published yet")
                .contains("It manages the ShardedClusters in all namespaces.")
                .contains("helm test release --namespace operators")
                .contains("kubectl apply -f examples/quickstart.yaml")
                .contains("kubectl apply --server-side --force-conflicts -f crds/");
    }

    @Test
    void nameTheNamespacesAndSayThatNoOtherIsLookedAt() {
        String notes =
                Helm.notes("--set", "watchNamespaces={shop,billing},image.repository=registry.example.org/operator");
        assertThat(notes)
                .contains("in these namespaces alone:\n  shop\n  billing\n")
                .contains("A ShardedCluster in any other namespace is not looked at")
                .contains("kubectl apply -n shop -f examples/quickstart.yaml")
                .contains("A pod in these namespaces with the label pgmosaic.io/inject: <cluster> is given the router")
                .doesNotContain("IMAGE");
    }

    @Test
    void warnOfWhatTheValuesLeaveOut() {
        assertThat(Helm.notes("--set", "injection.enabled=false")).doesNotContain("pgmosaic.io/inject");
        assertThat(Helm.notes("--set", "replicas=1,rbac.create=false"))
                .contains("with 1 replica: while it is away nothing fails over.")
                .contains("rbac.create is false");
    }
}
