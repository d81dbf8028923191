package io.pgmosaic.operator.migration.status;

import io.pgmosaic.api.v1alpha1.migration.MigrationPhase;
import io.pgmosaic.api.v1alpha1.migration.SafetyFinding;
import io.pgmosaic.api.v1alpha1.migration.ShardMigration;
import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * How a migration is at some moment.
 *
 * @param phase that it is in
 * @param message the most important thing to know, in one sentence
 * @param waitingFor what it waits for; empty when it does not
 * @param needsPerson why it will not go on by itself; empty when it will
 * @param findings what is wrong with the declaration
 * @param shards how each shard goes; null to leave that as it was
 * @param eta when the backfill will be done, as a time span; null when that is not known
 */
public record MigrationReport(
        MigrationPhase phase,
        String message,
        String waitingFor,
        String needsPerson,
        List<SafetyFinding> findings,
        @Nullable List<ShardMigration> shards,
        @Nullable String eta) {
    public MigrationReport {
        findings = List.copyOf(findings);
        shards = shards == null ? null : List.copyOf(shards);
    }

    public static MigrationReport waits(MigrationPhase phase, String what) {
        return new MigrationReport(phase, what, what, "", List.of(), null, null);
    }
}
