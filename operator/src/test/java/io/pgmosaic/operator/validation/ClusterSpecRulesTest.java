package io.pgmosaic.operator.validation;

import io.fabric8.kubernetes.client.KubernetesClientException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.Objects;

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

    @Test
    void noSpecIsAProblemToo() {
        assertThat(ClusterSpecRules.problems("orders", null, null))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("write postgres, shards and storage"));
    }
}
