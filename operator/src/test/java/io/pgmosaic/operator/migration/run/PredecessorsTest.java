package io.pgmosaic.operator.migration.run;

import io.pgmosaic.api.v1alpha1.migration.MigrationPhase;
import io.pgmosaic.api.v1alpha1.migration.SchemaMigration;
import io.pgmosaic.operator.migration.status.MigrationReport;
import io.pgmosaic.operator.migration.status.MigrationStatuses;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

class PredecessorsTest {
    private static SchemaMigration in(MigrationPhase phase) {
        SchemaMigration migration = Declared.migration("expand: [\"SELECT 1\"]");
        migration.setStatus(MigrationStatuses.after(
                migration.getStatus(), 1L, MigrationReport.waits(phase, "as it is"), Instant.EPOCH));
        return migration;
    }

    @ParameterizedTest
    @EnumSource(MigrationPhase.class)
    void aMigrationComesAfterThoseThatAreCompleted(MigrationPhase phase) {
        Map<String, SchemaMigration> known = Map.of("first", in(MigrationPhase.COMPLETED), "second", in(phase));
        assertThat(Predecessors.unfinished(List.of("first", "second"), known::get)
                        .orElse(""))
                .isEqualTo(
                        phase == MigrationPhase.COMPLETED
                                ? ""
                                : "SchemaMigration second is not completed, and it comes after that");
    }

    @Test
    void oneThatIsNotThereIsAskedFor() {
        assertThat(Predecessors.unfinished(List.of("gone"), name -> null)).hasValueSatisfying(why -> assertThat(why)
                .contains("there is no SchemaMigration gone", "create it, or take it out of after"));
    }
}
