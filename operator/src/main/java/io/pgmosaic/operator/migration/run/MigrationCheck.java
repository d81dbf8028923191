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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Has a migration checked before its first statement; anew when it was changed. Used by one thread. */
final class MigrationCheck {
    private final MigrationKey key;
    private final MigrationShards shards;
    private @Nullable Long checkedGeneration;

    MigrationCheck(MigrationKey key, MigrationShards shards) {
        this.key = key;
        this.shards = shards;
    }

    /** Why it does not begin; empty when nothing was found that is not accepted. */
    Optional<MigrationReport> obstacle(MigrationScene scene) throws InterruptedException {
        Long generation = scene.migration().getMetadata().getGeneration();
        if (generation != null && generation.equals(checkedGeneration)) {
            return Optional.empty();
        }
        Optional<List<SafetyFinding>> found;
        try {
            List<ShardDatabase> databases = new ArrayList<>();
            for (String shard : scene.shards()) {
                databases.add(shards.database(scene.cluster(), scene.spec(), shard));
            }
            found = SafetyCheck.run(
                    databases, shards.schema(key.cluster(), databases.getFirst()), statements(scene.work()));
        } catch (SQLException | IOException | NoLoginException e) {
            return Optional.of(
                    MigrationReport.waits(MigrationPhase.CHECKING, "it cannot be checked now: " + e.getMessage()));
        }
        if (found.isEmpty()) {
            return Optional.of(MigrationReport.waits(
                    MigrationPhase.CHECKING,
                    "another migration is being rehearsed on shard "
                            + scene.shards().getFirst()));
        }
        List<SafetyFinding> open = found.get().stream()
                .filter(finding -> !SafetyCheck.isAccepted(
                        finding, scene.migration().getSpec().allow()))
                .toList();
        if (open.isEmpty()) {
            checkedGeneration = generation;
            return Optional.empty();
        }
        return Optional.of(refusal(open));
    }

    private static List<RehearsedStatement> statements(DeclaredWork work) {
        List<RehearsedStatement> statements = new ArrayList<>();
        work.of(Step.EXPAND).forEach(one -> statements.add(RehearsedStatement.of(Step.EXPAND, one)));
        work.backfill().map(RehearsedStatement::of).ifPresent(statements::add);
        work.of(Step.CONTRACT).forEach(one -> statements.add(RehearsedStatement.of(Step.CONTRACT, one)));
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
