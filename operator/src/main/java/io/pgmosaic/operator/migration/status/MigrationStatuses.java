package io.pgmosaic.operator.migration.status;

import io.fabric8.kubernetes.api.model.Condition;
import io.pgmosaic.api.v1alpha1.migration.MigrationPhase;
import io.pgmosaic.api.v1alpha1.migration.MigrationPhaseRecord;
import io.pgmosaic.api.v1alpha1.migration.SchemaMigrationStatus;
import io.pgmosaic.api.v1alpha1.migration.ShardMigration;
import io.pgmosaic.api.v1alpha1.migration.ShardMigrationPhase;
import io.pgmosaic.operator.status.Conditions;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Builds the status of a migration. Its conditions:
 *
 * <pre>
 * Ready         the migration has come to an end: every shard has it, or what it did is taken back
 * Reconciling   something is under way that will end by itself
 * Stalled       something needs a person
 * </pre>
 */
public final class MigrationStatuses {
    /** The first and the latest tell the story. */
    private static final int MOST_PHASES = 40;

    private MigrationStatuses() {}

    /** Whether nothing more will be done for it. */
    public static boolean hasEnded(@Nullable MigrationPhase phase) {
        return phase == MigrationPhase.COMPLETED || phase == MigrationPhase.ROLLED_BACK;
    }

    /** The status after a report. */
    public static SchemaMigrationStatus after(
            SchemaMigrationStatus before, long generation, MigrationReport report, Instant now) {
        List<ShardMigration> shards = report.shards() == null ? before.shards() : report.shards();
        return new SchemaMigrationStatus(
                generation,
                report.phase(),
                report.message(),
                shardsDone(shards),
                percent(shards),
                report.eta(),
                report.waitingFor().isEmpty() ? null : report.waitingFor(),
                report.findings(),
                shards,
                history(before, report, now),
                conditions(before.conditions(), generation, report, now));
    }

    private static @Nullable String shardsDone(List<ShardMigration> shards) {
        long done = shards.stream()
                .filter(shard -> shard.phase() == ShardMigrationPhase.COMPLETE)
                .count();
        return shards.isEmpty() ? null : done + "/" + shards.size();
    }

    private static @Nullable Integer percent(List<ShardMigration> shards) {
        long total = shards.stream()
                .mapToLong(shard -> Objects.requireNonNullElse(shard.rowsTotal(), 0L))
                .sum();
        long done = shards.stream()
                .mapToLong(shard -> Objects.requireNonNullElse(shard.rowsDone(), 0L))
                .sum();
        return total == 0 ? null : (int) Math.min(100, 100 * done / total);
    }

    private static List<MigrationPhaseRecord> history(
            SchemaMigrationStatus before, MigrationReport report, Instant now) {
        List<MigrationPhaseRecord> history = new ArrayList<>(before.history());
        boolean stays = !history.isEmpty() && history.getLast().phase() == report.phase();
        String since = stays
                ? history.removeLast().since()
                : now.truncatedTo(ChronoUnit.SECONDS).toString();
        history.add(new MigrationPhaseRecord(report.phase(), since, report.message()));
        if (history.size() > MOST_PHASES) {
            history.remove(1);
        }
        return history;
    }

    private static List<Condition> conditions(
            List<Condition> before, long generation, MigrationReport report, Instant now) {
        Conditions conditions = new Conditions(before, generation, now);
        boolean ended = hasEnded(report.phase());
        boolean stalled = !report.needsPerson().isEmpty();
        String reason = reason(report.phase());
        conditions.set("Ready", ended, reason, report.message());
        conditions.set("Reconciling", !ended && !stalled, reason, report.message());
        conditions.set(
                "Stalled",
                stalled,
                stalled ? "NeedsPerson" : reason,
                stalled ? report.needsPerson() : "nothing needs a person");
        return conditions.list();
    }

    /** A phase as the API writes it. */
    public static String reason(MigrationPhase phase) {
        StringBuilder word = new StringBuilder();
        for (String part : phase.name().split("_", -1)) {
            word.append(part.charAt(0)).append(part.substring(1).toLowerCase(Locale.ROOT));
        }
        return word.toString();
    }
}
