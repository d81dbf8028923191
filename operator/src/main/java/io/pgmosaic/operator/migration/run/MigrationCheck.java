package io.pgmosaic.operator.migration.run;

import io.pgmosaic.api.v1alpha1.migration.MigrationPhase;
import io.pgmosaic.api.v1alpha1.migration.SafetyFinding;
import io.pgmosaic.operator.cluster.ShardLogins.NoLoginException;
import io.pgmosaic.operator.migration.check.RehearsedStatement;
import io.pgmosaic.operator.migration.check.SafetyCheck;
import io.pgmosaic.operator.migration.record.Step;
import io.pgmosaic.operator.migration.status.MigrationReport;
import io.pgmosaic.operator.split.ShardDatabase;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Has a migration checked before its first statement; anew when it was changed. What stands against it is not looked for all the time,
 * since a database is made and dropped for that, which ends with a checkpoint. Used by one thread.
 */
final class MigrationCheck {
    /** Tables may have been made alike meanwhile, or smaller. */
    private static final Duration AFTER_FINDINGS = Duration.ofMinutes(5);

    private static final Duration AFTER_TROUBLE = Duration.ofSeconds(30);

    private final Looker looker;
    private final LongSupplier nanoTime;
    private @Nullable Long checkedGeneration;
    private @Nullable MigrationReport found;
    private @Nullable Set<String> tables;

    private long nextLook;

    MigrationCheck(MigrationKey key, MigrationShards shards) {
        this(scene -> look(key, shards, scene), System::nanoTime);
    }

    /** @param nanoTime as {@link System#nanoTime} has it */
    MigrationCheck(Looker looker, LongSupplier nanoTime) {
        this.looker = looker;
        this.nanoTime = nanoTime;
    }

    /** Looks whether something stands against a migration. */
    interface Looker {
        Look at(MigrationScene scene) throws InterruptedException;
    }

    /** Why it does not begin; empty when nothing was found that is not accepted. */
    Optional<MigrationReport> obstacle(MigrationScene scene) throws InterruptedException {
        Long generation = scene.migration().getMetadata().getGeneration();
        boolean isKnown = generation != null && generation.equals(checkedGeneration);
        if (!isKnown || (found != null && nanoTime.getAsLong() - nextLook >= 0)) {
            Look look = looker.at(scene);
            checkedGeneration = generation;
            found = look.found();
            tables = look.tables();
            nextLook = nanoTime.getAsLong() + look.rest().toNanos();
        }
        return Optional.ofNullable(found);
    }

    /** The tables that the migration touches, as was found when it was checked; null when that is not known. */
    @Nullable
    Set<String> tables() {
        return tables;
    }

    /**
     * @param found null when nothing stands against it
     * @param tables that it touches; null when that is not known
     * @param rest until it is worth looking again
     */
    record Look(@Nullable MigrationReport found, @Nullable Set<String> tables, Duration rest) {}

    private static Look look(MigrationKey key, MigrationShards shards, MigrationScene scene)
            throws InterruptedException {
        Optional<SafetyCheck.Checked> checked;
        try {
            List<ShardDatabase> databases = new ArrayList<>();
            for (String shard : scene.shards()) {
                databases.add(shards.database(scene.cluster(), scene.spec(), shard));
            }
            checked = SafetyCheck.run(
                    databases, shards.schema(key.cluster(), databases.getFirst()), statements(scene.work()));
        } catch (SQLException | IOException | NoLoginException e) {
            return waits("it cannot be checked now: " + e.getMessage() + "; it is tried again");
        }
        if (checked.isEmpty()) {
            return waits("another migration is being rehearsed on shard "
                    + scene.shards().getFirst());
        }
        return judged(checked.get(), scene.migration().getSpec().allow());
    }

    /** @param allowed names of findings that a person accepts */
    static Look judged(SafetyCheck.Checked checked, List<String> allowed) {
        List<SafetyFinding> open = checked.findings().stream()
                .filter(finding -> !SafetyCheck.isAccepted(finding, allowed))
                .toList();
        return new Look(open.isEmpty() ? null : refusal(open), checked.tables(), AFTER_FINDINGS);
    }

    static Look waits(String what) {
        return new Look(MigrationReport.waits(MigrationPhase.CHECKING, what), null, AFTER_TROUBLE);
    }

    private static List<RehearsedStatement> statements(DeclaredWork work) {
        List<RehearsedStatement> statements = new ArrayList<>();
        work.of(Step.EXPAND).forEach(one -> statements.add(RehearsedStatement.of(Step.EXPAND, one)));
        work.backfill().map(RehearsedStatement::of).ifPresent(statements::add);
        work.of(Step.CONTRACT).forEach(one -> statements.add(RehearsedStatement.of(Step.CONTRACT, one)));
        work.of(Step.UNDO).forEach(one -> statements.add(RehearsedStatement.of(Step.UNDO, one)));
        return statements;
    }

    private static MigrationReport refusal(List<SafetyFinding> open) {
        SafetyFinding first = open.getFirst();
        String more = open.size() == 1 ? "" : " (and " + (open.size() - 1) + " more in status.findings)";
        String accept = open.stream()
                .map(SafetyFinding::name)
                .filter(SafetyCheck::isAcceptable)
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
        return new MigrationReport(
                MigrationPhase.CHECKING,
                first.name() + ": " + first.message() + more,
                "",
                "change the statements"
                        + (accept.isEmpty() ? "" : ", or accept what is found in spec.allow: " + accept),
                open,
                null,
                null);
    }
}
