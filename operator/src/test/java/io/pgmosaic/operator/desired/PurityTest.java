package io.pgmosaic.operator.desired;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

/** What decides looks at nothing but its arguments. */
class PurityTest {
    private static final String[] DECIDING = {
        "..operator.validation..", "..operator.plan..", "..operator.desired..", "..operator.injection.."
    };

    private final JavaClasses operator = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.pgmosaic.operator");

    @Test
    void decidingNeedsNoClientNoDatabaseNoNetworkAndNoFile() {
        noClasses()
                .that()
                .resideInAnyPackage(DECIDING)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.fabric8.kubernetes.client..", "java.sql..", "java.net..", "java.nio.file..", "io.vertx..")
                .check(operator);
    }

    @Test
    void decidingAsksNoClock() {
        noClasses()
                .that()
                .resideInAnyPackage(DECIDING)
                .should()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(java.time.Clock.class)
                .check(operator);
    }
}
