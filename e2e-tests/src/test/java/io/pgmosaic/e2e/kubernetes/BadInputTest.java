package io.pgmosaic.e2e.kubernetes;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.client.dsl.Resource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/** What a person gets wrong is named in a condition and an Event, soon, with what to do. */
@Tag("kubernetes")
@ExtendWith(OnKubernetes.class)
final class BadInputTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String ONE_SHARD = "shards: {count: 1}";
    private static final String ALONE = "instancesPerShard: 1";
    private static final String ASYNC = "replication: {mode: Async}";

    private final Installation installation;

    BadInputTest(Installation installation) {
        this.installation = installation;
    }

    @Test
    void aStorageClassThatDoesNotExist() {
        named("classless", "PodFailed", "storageclass", "storage: {size: 1Gi, storageClassName: not-there}");
    }

    @Test
    void anImageThatCannotBePulled() {
        named(
                "imageless",
                "PodFailed",
                "ImagePull",
                "postgres: {version: " + Images.POSTGRES + ", image: 'registry.invalid/nothing:1'}");
    }

    @Test
    void aNodeSelectorThatNobodyMeets() {
        named("nodeless", "PodFailed", "no node takes its pod", "scheduling: {nodeSelector: {color: ultraviolet}}");
    }

    @Test
    void aSecretThatLacksAKey() {
        installation.kubectl(
                "create", "secret", "generic", "keyless", "-n", Installation.SHOP, "--from-literal=other=value");
        named("keyless", "PrerequisiteMissing", "Secret keyless", "credentials: {applicationSecret: {name: keyless}}");
    }

    @Test
    void aQuotaThatRefusesPods() {
        ResourceQuota quota = new ResourceQuotaBuilder()
                .withNewMetadata()
                .withName("no-more")
                .withNamespace(Installation.SHOP)
                .endMetadata()
                .withNewSpec()
                .withHard(Map.of("pods", new Quantity("0")))
                .endSpec()
                .build();
        installation.client().resource(quota).create();
        try {
            named("refused", "PodFailed", "exceeded quota", ASYNC);
        } finally {
            installation.client().resource(quota).delete();
        }
    }

    @Test
    void whatTheOperatorMayNotMake() {
        Resource<ClusterRole> role = installation.client().rbac().clusterRoles().withName("pgmosaic-operator");
        List<PolicyRule> granted = role.get().getRules();
        ShopCluster cluster = new ShopCluster(installation, "denied");
        try {
            role.edit(present -> new ClusterRoleBuilder(present)
                    .withRules(granted.stream()
                            .map(BadInputTest::withoutMakingConfigMaps)
                            .toList())
                    .build());
            cluster.apply(ONE_SHARD, ALONE, ASYNC);
            Instant asked = Instant.now();
            told(cluster, "ApiRefused", "configmaps", asked);
        } finally {
            role.edit(present ->
                    new ClusterRoleBuilder(present).withRules(granted).build());
            cluster.awaitReady();
            cluster.delete();
        }
    }

    private static PolicyRule withoutMakingConfigMaps(PolicyRule rule) {
        return rule.getResources().contains("configmaps")
                ? new PolicyRuleBuilder(rule).withVerbs("get", "list", "watch").build()
                : rule;
    }

    private void named(String name, String reason, String word, String field) {
        ShopCluster cluster = new ShopCluster(installation, name);
        String[] fields = field.equals(ASYNC)
                ? new String[] {ONE_SHARD, ALONE, ASYNC}
                : new String[] {ONE_SHARD, ALONE, ASYNC, field};
        try {
            cluster.apply(fields);
            Instant asked = Instant.now();
            told(cluster, reason, word, asked);
        } finally {
            cluster.delete();
        }
    }

    private void told(ShopCluster cluster, String reason, String word, Instant asked) {
        String message = cluster.awaitCondition("Stalled", "True", reason);
        assertThat(Duration.between(asked, Instant.now()))
                .as("told %s", message)
                .isLessThan(SOON);
        assertThat(message).containsIgnoringCase(word);
        System.out.println(cluster.name() + ": " + message);
        assertThat(installation.kubectl(
                        "get",
                        "events",
                        "-n",
                        Installation.SHOP,
                        "--field-selector",
                        "involvedObject.name=" + cluster.name() + ",reason=" + reason))
                .containsIgnoringCase(word);
    }
}
