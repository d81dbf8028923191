package io.pgmosaic.e2e.architecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import org.junit.jupiter.api.Test;

import java.util.Set;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Decisions are functions of facts: no clock, no client, no JDBC, no HTTP. Only so can the same code be tested with any
 * schedule of crashes, and two operators with the same facts decide the same.
 */
class DecisionCodeTest {
    private static final DescribedPredicate<JavaClass> DECIDES = resideInAnyPackage(
                    "io.pgmosaic.operator.plan..",
                    "io.pgmosaic.operator.validation..",
                    "io.pgmosaic.operator.desired..",
                    "io.pgmosaic.operator.injection..",
                    "io.pgmosaic.operator.status..")
            .or(DescribedPredicate.describe("topology assembler", type -> type.getName()
                    .startsWith("io.pgmosaic.operator.topology.TopologyAssembler")))
            .as("decision code");

    private static final Set<String> CLOCK_READINGS = Set.of("now", "currentTimeMillis", "nanoTime", "systemUTC");

    private static final JavaClasses PRODUCT = ModuleRulesTest.PRODUCT;

    @Test
    void isFound() {
        assertThat(PRODUCT.that(DECIDES).stream().map(JavaClass::getSimpleName))
                .contains(
                        "ShardPlanner",
                        "ClusterSpecRules",
                        "DesiredObjects",
                        "RouterInjection",
                        "StatusFactory",
                        "TopologyAssembler");
    }

    @Test
    void hasNoClient() {
        noClasses()
                .that(DECIDES)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.fabric8.kubernetes.client..",
                        "io.javaoperatorsdk..",
                        "io.quarkus..",
                        "io.vertx..",
                        "java.sql..",
                        "org.postgresql..",
                        "java.net..",
                        "java.io..",
                        "java.nio.file..",
                        "java.nio.channels..",
                        "java.util.concurrent..")
                .check(PRODUCT);
    }

    @Test
    void hasNoClockAndNoChance() {
        noClasses()
                .that(DECIDES)
                .should()
                .dependOnClassesThat()
                .haveNameMatching(
                        "java\\.time\\.(Clock|InstantSource)|java\\.util\\.Random|java\\.security\\.SecureRandom")
                .check(PRODUCT);
        noClasses()
                .that(DECIDES)
                .should()
                .callCodeUnitWhere(DescribedPredicate.describe("the clock is read", DecisionCodeTest::readsClock))
                .check(PRODUCT);
    }

    private static boolean readsClock(JavaCall<?> call) {
        CodeUnitCallTarget target = call.getTarget();
        String owner = target.getOwner().getName();
        return CLOCK_READINGS.contains(target.getName())
                && (owner.startsWith("java.time.") || owner.equals("java.lang.System"));
    }
}
