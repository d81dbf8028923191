package io.pgmosaic.operator.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterSpec;
import io.pgmosaic.api.v1alpha1.cluster.SplitState;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

class ClusterSpecRulesTest {
    @ParameterizedTest
    @MethodSource("io.pgmosaic.operator.validation.SpecCases#refused")
    void refuses(SpecCases.Case refused) {
        assertThat(refused.problems()).anySatisfy(problem -> {
            assertThat(problem.field()).isEqualTo(refused.field());
            assertThat(problem.message()).contains(Objects.requireNonNull(refused.operator()));
        });
    }

    @ParameterizedTest
    @MethodSource("io.pgmosaic.operator.validation.SpecCases#accepted")
    void accepts(SpecCases.Case accepted) {
        assertThat(accepted.problems()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("io.pgmosaic.operator.validation.SpecCases#unreadable")
    void cannotEvenRead(SpecCases.Case unreadable) {
        assertThatThrownBy(() -> SpecCases.parse(unreadable.spec()))
                .isInstanceOf(KubernetesClientException.class)
                .rootCause()
                .hasMessageContaining("not one of the values accepted");
    }

    @Test
    void aSpecThatSaysNothingNamesAllThatIsMissing() {
        assertThat(ClusterSpecRules.problems(
                        "orders", SpecCases.parse(SpecCases.full().removeAll()), null))
                .extracting(Problem::field, Problem::kind)
                .containsExactlyInAnyOrder(
                        tuple("spec.postgres.version", Problem.Kind.MISSING),
                        tuple("spec.shards", Problem.Kind.MISSING),
                        tuple("spec.storage.size", Problem.Kind.MISSING));
    }

    /** Of a cluster of a and b, of which a split has made b1 and b2. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a, b1, b2    | a, b1, b2    |",
                "a, b         | a, b, b1, b2 |",
                "a, b, b1, b2 | a, b, b1, b2 |",
                "a, b1, b2    | a, b, b1, b2 | the shard \"b\" cannot be removed",
                "a, b, b3     | a, b, b1, b2 | the shard \"b3\" cannot be added",
            })
    void shardsThatSplitsMadeMayBeNamed(String names, String running, @Nullable String problem) {
        JsonNode before = names("a, b");
        assertThat(ClusterSpecRules.problems(
                                "orders",
                                SpecCases.parse(names(names)),
                                SpecCases.parse(before),
                                List.of(running.split(", ", -1)))
                        .stream()
                        .map(Problem::message)
                        .collect(Collectors.joining("; ")))
                .contains(problem == null ? "" : problem)
                .matches(text -> problem != null || text.isEmpty());
    }

    @Test
    void shardsThatSplitsMadeCanBeFencedAndSwitchedOver() {
        ObjectNode spec = names("a, b");
        spec.putObject("fencing").putArray("shards").add("b1");
        spec.putArray("switchover").addObject().put("shard", "b2").put("to", "orders-b2-1");
        assertThat(ClusterSpecRules.problems("orders", SpecCases.parse(spec), null, List.of("a", "b", "b1", "b2")))
                .isEmpty();
        assertThat(ClusterSpecRules.problems("orders", SpecCases.parse(spec), null))
                .extracting(Problem::field)
                .containsExactlyInAnyOrder("spec.fencing.shards", "spec.switchover.shard");
    }

    @Test
    void whatASplitMovesRowsByIsNotChangedUnderIt() {
        ShardedCluster cluster = new ShardedCluster();
        cluster.setMetadata(new ObjectMetaBuilder().withName("orders").build());
        ObjectNode spec = names("a, b");
        ShardedClusterSpec running = SpecCases.parse(spec);
        spec.putObject("sharding").putArray("referenceTables").addObject().put("name", "currencies");
        cluster.setSpec(SpecCases.parse(spec));
        assertThat(ClusterSpecRules.problems(cluster, running)).isEmpty();
        SplitState split = new SplitState("grow", "u", "a", List.of("a", "c"), List.of(), List.of(), false, false);
        cluster.setStatus(cluster.getStatus().with(null, List.of(), List.of(split)));
        assertThat(ClusterSpecRules.problems(cluster, running)).singleElement().satisfies(problem -> {
            assertThat(problem.field()).isEqualTo("spec.sharding");
            assertThat(problem.message()).contains("ShardSplit grow is moving rows");
        });
        assertThat(ClusterSpecRules.problems(cluster, cluster.getSpec())).isEmpty();
    }

    private static ObjectNode names(String names) {
        ObjectNode spec = (ObjectNode) SpecCases.minimal();
        ArrayNode list = spec.putObject("shards").putArray("names");
        for (String name : names.split(", ", -1)) {
            list.add(name);
        }
        return spec;
    }

    @Test
    void noSpecIsAProblemToo() {
        assertThat(ClusterSpecRules.problems("orders", null, null))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("write postgres, shards and storage"));
    }
}
