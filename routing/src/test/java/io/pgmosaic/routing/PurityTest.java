package io.pgmosaic.routing;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.junit.jupiter.api.Test;

import java.nio.ByteOrder;
import java.time.Clock;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

/** The module's promise: no I/O, no clock, no randomness, no threads, nothing but the JDK's values. */
class PurityTest {
    private static final JavaClasses ROUTING = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.pgmosaic.routing");

    @Test
    void dependsOnValuesAlone() {
        noClasses()
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                                "java.io..",
                                "java.nio..",
                                "java.net..",
                                "java.sql..",
                                "javax..",
                                "java.util.concurrent..",
                                "java.util.random..")
                        .and(resideOutsideOfPackage("java.nio.charset.."))
                        .and(not(type(ByteOrder.class))))
                .check(ROUTING);
        noClasses()
                .should()
                .dependOnClassesThat(resideInAnyPackage("java..", "org.jspecify..", "io.pgmosaic.routing..")
                        .negate())
                .check(ROUTING);
        noClasses()
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethodWhere(target(name("now")))
                .orShould()
                .accessClassesThat(type(Clock.class))
                .orShould()
                .accessClassesThat(type(Thread.class))
                .check(ROUTING);
    }

    @Test
    void packagesBuildOnEachOtherInOneDirection() {
        SlicesRuleDefinition.slices()
                .matching("io.pgmosaic.routing.(*)..")
                .should()
                .beFreeOfCycles()
                .check(ROUTING);
        noClasses()
                .that(resideInAPackage("io.pgmosaic.routing.hash"))
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                        "io.pgmosaic.routing.key", "io.pgmosaic.routing.map", "io.pgmosaic.routing.guard"))
                .check(ROUTING);
    }
}
