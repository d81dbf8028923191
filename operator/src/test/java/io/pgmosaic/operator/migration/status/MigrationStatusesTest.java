package io.pgmosaic.operator.migration.status;

import io.fabric8.kubernetes.api.model.Condition;
import io.pgmosaic.api.v1alpha1.migration.MigrationPhase;
import io.pgmosaic.api.v1alpha1.migration.MigrationPhaseRecord;
import io.pgmosaic.api.v1alpha1.migration.SchemaMigrationStatus;
import io.pgmosaic.api.v1alpha1.migration.ShardMigration;
import io.pgmosaic.api.v1alpha1.migration.ShardMigrationPhase;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class MigrationStatusesTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private static ShardMigration shard(String name, ShardMigrationPhase phase, long rows) {
        return new ShardMigration(name, phase, "backfill", null, null, rows, 200L);
    }

    private static MigrationReport report(MigrationPhase phase, String needsPerson) {
        return new MigrationReport(
                phase,
                "it goes on",
                needsPerson,
                needsPerson,
                List.of(),
                List.of(shard("s0", ShardMigrationPhase.COMPLETE, 200), shard("s1", ShardMigrationPhase.RUNNING, 101)),
                "12s");
    }

    private static List<String> trueOnes(SchemaMigrationStatus status) {
        return status.conditions().stream()
                .filter(condition -> condition.getStatus().equals("True"))
                .map(Condition::getType)
                .toList();
    }

    @Test
    void countsShardsAndRows() {
        SchemaMigrationStatus status =
                MigrationStatuses.after(SchemaMigrationStatus.empty(), 3, report(MigrationPhase.BACKFILLING, ""), NOON);
        assertThat(status.shardsDone()).isEqualTo("1/2");
        assertThat(status.backfillPercent()).isEqualTo(75);
        assertThat(status.eta()).isEqualTo("12s");
        assertThat(status.waitingFor()).isNull();
        assertThat(status.observedGeneration()).isEqualTo(3);
        assertThat(trueOnes(status)).containsExactly("Reconciling");
    }

    @Test
    void saysWhenAPersonIsNeeded() {
        SchemaMigrationStatus status = MigrationStatuses.after(
                SchemaMigrationStatus.empty(), 1, report(MigrationPhase.AWAITING_APPROVAL, "approve it"), NOON);
        assertThat(trueOnes(status)).containsExactly("Stalled");
        assertThat(status.waitingFor()).isEqualTo("approve it");
        assertThat(status.conditions())
                .anyMatch(condition -> condition.getType().equals("Stalled")
                        && condition.getReason().equals("NeedsPerson")
                        && condition.getMessage().equals("approve it"));
    }

    @Test
    void endsReady() {
        for (MigrationPhase phase : List.of(MigrationPhase.COMPLETED, MigrationPhase.ROLLED_BACK)) {
            assertThat(trueOnes(MigrationStatuses.after(SchemaMigrationStatus.empty(), 1, report(phase, ""), NOON)))
                    .containsExactly("Ready");
        }
    }

    @Test
    void historyHasEachPhaseOnceWithItsBeginning() {
        SchemaMigrationStatus status = SchemaMigrationStatus.empty();
        for (int second = 0; second < 3; second++) {
            MigrationPhase phase = second < 2 ? MigrationPhase.EXPANDING : MigrationPhase.BACKFILLING;
            status = MigrationStatuses.after(status, 1, report(phase, ""), NOON.plusSeconds(second));
        }
        assertThat(status.history())
                .extracting(MigrationPhaseRecord::since)
                .containsExactly("2026-03-01T12:00:00Z", "2026-03-01T12:00:02Z");
        for (int second = 0; second < 100; second++) {
            MigrationPhase phase = second % 2 == 0 ? MigrationPhase.EXPANDING : MigrationPhase.BACKFILLING;
            status = MigrationStatuses.after(status, 1, report(phase, ""), NOON.plusSeconds(second));
        }
        assertThat(status.history()).hasSize(40);
    }

    @Test
    void aReportWithoutShardsLeavesThemAsTheyWere() {
        SchemaMigrationStatus before =
                MigrationStatuses.after(SchemaMigrationStatus.empty(), 1, report(MigrationPhase.EXPANDING, ""), NOON);
        SchemaMigrationStatus after = MigrationStatuses.after(
                before, 1, MigrationReport.waits(MigrationPhase.EXPANDING, "a split is under way"), NOON);
        assertThat(after.shards()).isEqualTo(before.shards());
        assertThat(after.waitingFor()).isEqualTo("a split is under way");
    }
}
