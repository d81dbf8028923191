package io.pgmosaic.e2e.architecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

/** What a module may know of the others, and of the world. */
class ModuleRulesTest {
    static final JavaClasses PRODUCT = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(Modules.ROOTS.values());

    private static final String[] VALUES = {"java.lang..", "java.math..", "java.time..", "java.util..", "org.jspecify.."
    };

    static Stream<String> modules() {
        return Modules.ROOTS.keySet().stream().sorted();
    }

    @Test
    void theTableNamesEveryModuleWithCode() {
        assertThat(Modules.allowed()).containsOnlyKeys(Modules.ROOTS.keySet());
    }

    @ParameterizedTest
    @MethodSource("modules")
    void dependsOnNoOtherModuleThanTheTableSays(String module) {
        assertThat(PRODUCT.that(resideInAPackage(root(module) + "..")))
                .as("classes of %s that were found", module)
                .isNotEmpty();
        Set<String> allowed = Objects.requireNonNull(Modules.allowed().get(module), module);
        String[] others = Modules.ROOTS.keySet().stream()
                .filter(other -> !other.equals(module) && !allowed.contains(other))
                .map(other -> root(other) + "..")
                .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage(root(module) + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others)
                .allowEmptyShould(false)
                .check(PRODUCT);
    }

    @Test
    void crdsHoldsTypesOnly() {
        classes()
                .that()
                .resideInAPackage("io.pgmosaic.api..")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(VALUES)
                        .or(resideInAnyPackage(
                                "io.pgmosaic.api..",
                                "com.fasterxml.jackson.annotation..",
                                "com.fasterxml.jackson.databind.annotation..",
                                "io.fabric8.kubernetes.api.model..",
                                "io.fabric8.kubernetes.model.annotation..",
                                "io.fabric8.generator.annotation..",
                                "io.fabric8.crd.generator.annotation.."))
                        .or(named("io.fabric8.kubernetes.client.CustomResource")))
                .check(PRODUCT);
    }

    @Test
    void theWireIsRecordsAndJacksonAndTheTopologyHasMaps() {
        noClasses()
                .that()
                .resideInAPackage("io.pgmosaic.protocol..")
                .should()
                .dependOnClassesThat(not(resideInAnyPackage(
                        "java..",
                        "javax.net.ssl..",
                        "javax.security..",
                        "org.jspecify..",
                        "com.fasterxml.jackson..",
                        "io.pgmosaic.routing..",
                        "io.pgmosaic.protocol..")))
                .check(PRODUCT);
        noClasses()
                .that()
                .resideInAPackage("io.pgmosaic.protocol..")
                .and()
                .resideOutsideOfPackage("io.pgmosaic.protocol.topology..")
                .should()
                .dependOnClassesThat(resideInAPackage("io.pgmosaic.routing.."))
                .check(PRODUCT);
    }

    @Test
    void whatRunsBesideDataAndApplicationsKnowsNoKubernetes() {
        noClasses()
                .that()
                .resideInAnyPackage("io.pgmosaic.instance..", "io.pgmosaic.router..", "io.pgmosaic.routing..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.fabric8..", "io.javaoperatorsdk..")
                .check(PRODUCT);
    }

    @Test
    void theRouterOpensNoDatabaseConnection() {
        noClasses()
                .that()
                .resideInAPackage("io.pgmosaic.router..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "org.postgresql..")
                .check(PRODUCT);
    }

    private static String root(String module) {
        return Objects.requireNonNull(Modules.ROOTS.get(module), module);
    }

    private static DescribedPredicate<JavaClass> named(String name) {
        return DescribedPredicate.describe(name, type -> type.getName().equals(name));
    }
}
