package io.pgmosaic.e2e.chart;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Wrong values are refused before anything is installed, with words that lead to them. */
class ChartValuesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "replicaCount=3 | replicaCount",
                "image.repo=operator | repo",
                "networkPolicy.ingress=true | ingress",
                "metrics.podMonitor.switchedOn=true | switchedOn",
                "securityContext.privileged=true | securityContext",
                "replicas=0 | replicas",
                "replicas=two | replicas",
                "replicas=1.5 | replicas",
                "watchNamespaces=shop | watchNamespaces",
                "watchNamespaces={Shop} | watchNamespaces",
                "watchNamespaces={*} | watchNamespaces",
                "'watchNamespaces={shop,shop}' | watchNamespaces",
                "image.pullPolicy=Sometimes | pullPolicy",
                "image.repository=Pg Mosaic | repository",
                "image.digest=latest | digest",
                "instanceImage= | instanceImage",
                "runAsUser=0 | runAsUser",
                "fsGroup=root | fsGroup",
                "podAntiAffinity=required | podAntiAffinity",
                "env[0].value=10s | env",
                "'env[0].name=A,env[0].value=1' | env",
                "imagePullSecrets={registry} | imagePullSecrets",
                "nodeSelector=linux | nodeSelector",
                "serviceAccount.name=Not A Name | serviceAccount",
                "serviceAccount.create=maybe | serviceAccount",
                "rbac.create=1 | rbac",
                "priorityClassName=HIGH | priorityClassName",
                "metrics.serviceMonitor.interval=30 | interval",
                "routerImage= | routerImage",
                "injection.enabled=maybe | injection",
                "injection.namespaces={shop} | namespaces",
                "injection.runAsUser=0 | runAsUser",
                "injection.env.PGMOSAIC_TOPOLOGY_URLS=a | PGMOSAIC_TOPOLOGY_URLS",
                "injection.env.JAVA_TOOL_OPTIONS=a | JAVA_TOOL_OPTIONS",
                "injection.env.OTEL_TRACES_SAMPLER_ARG=1 | OTEL_TRACES_SAMPLER_ARG",
                "injection.resources.memory=1Gi | memory",
                "validation=true | validation",
                "topologyAccess.everybody=true | everybody",
                "topologySpreadConstraints[0].maxSkew=1 | topologySpreadConstraints",
                "affinity.podAntiAfinity.a=b | podAntiAfinity"
            })
    void areRefused(String value, String named) {
        Helm.Outcome outcome = Helm.template("--set", value);
        assertThat(outcome.code()).as(outcome.output()).isNotZero();
        assertThat(outcome.complaints())
                .contains("values don't meet the specifications of the schema")
                .contains(named);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'metrics.podMonitor.enabled=true,metrics.serviceMonitor.enabled=true' | everything would be scraped twice: enable one",
                "serviceAccount.create=false | name the ServiceAccount that exists in serviceAccount.name",
                "env[0].name=PGMOSAIC_NAMESPACE | which the chart sets from the release's namespace: remove it from env",
                "env[0].name=PGMOSAIC_WATCH_NAMESPACES | from the value watchNamespaces",
                "env[0].name=PGMOSAIC_INJECTION_ENABLED | from the value injection.enabled",
                "topologyAccess.serviceAccounts=false | injected routers show a token of their service account"
            })
    void areRefusedWhenTheyContradict(String values, String message) {
        Helm.Outcome outcome = Helm.template("--set", values);
        assertThat(outcome.code()).as(outcome.output()).isNotZero();
        assertThat(outcome.complaints()).contains(message);
    }

    @Test
    void whatTheChartHoldsIsTakenAgainAsItIs() {
        assertThat(Helm.template("--values", Helm.CHART.resolve("values.yaml").toString()))
                .satisfies(outcome ->
                        assertThat(outcome.code()).as(outcome.complaints()).isZero())
                .extracting(Helm.Outcome::output)
                .isEqualTo(Helm.template().output());
    }
}
