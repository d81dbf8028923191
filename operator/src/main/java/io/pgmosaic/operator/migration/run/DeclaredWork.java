package io.pgmosaic.operator.migration.run;

import io.pgmosaic.api.v1alpha1.cluster.KeyColumn;
import io.pgmosaic.api.v1alpha1.cluster.ShardingSpec;
import io.pgmosaic.api.v1alpha1.migration.BackfillSpec;
import io.pgmosaic.api.v1alpha1.migration.FailurePolicy;
import io.pgmosaic.api.v1alpha1.migration.SafetyFinding;
import io.pgmosaic.api.v1alpha1.migration.SchemaMigrationSpec;
import io.pgmosaic.operator.migration.backfill.BackfillWork;
import io.pgmosaic.operator.migration.plan.MigrationFacts.Work;
import io.pgmosaic.operator.migration.record.Step;
import io.pgmosaic.operator.migration.sql.RefusedSqlException;
import io.pgmosaic.operator.migration.sql.SqlStatement;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a migration declares, read.
 *
 * @param statements of each step but the backfill
 * @param problems everything that is wrong with it, each with what to do; nothing runs while there are any
 */
record DeclaredWork(
        Map<Step, List<SqlStatement>> statements, Optional<BackfillWork> backfill, List<SafetyFinding> problems) {
    static DeclaredWork of(String name, SchemaMigrationSpec spec, List<String> shards, ShardingSpec sharding) {
        List<SafetyFinding> problems = new ArrayList<>();
        Map<Step, List<SqlStatement>> statements = new EnumMap<>(Step.class);
        statements.put(Step.EXPAND, read("expand", spec.expand(), problems));
        statements.put(Step.CONTRACT, read("contract", spec.contract(), problems));
        statements.put(Step.UNDO, read("rollback.expand", spec.rollback().expand(), problems));
        Optional<BackfillWork> backfill = Optional.empty();
        BackfillSpec fill = spec.backfill();
        if (fill != null) {
            try {
                BackfillWork work = BackfillWork.of(fill);
                Optional<String> moving = movingColumn(fill, work, sharding);
                if (moving.isEmpty()) {
                    backfill = Optional.of(work);
                } else {
                    problems.add(new SafetyFinding(
                            "refused-backfill",
                            fill.set(),
                            "backfill: set changes column " + moving.get() + ", by whose value a row of "
                                    + fill.schema() + "." + fill.table() + " is on its shard: take it out of set"));
                }
            } catch (RefusedSqlException e) {
                problems.add(new SafetyFinding("refused-backfill", fill.set(), "backfill: " + e.getMessage()));
            }
        }
        rollout(name, spec, shards, problems);
        return new DeclaredWork(Map.copyOf(statements), backfill, List.copyOf(problems));
    }

    /** A column that is set, and by which rows of the table find their shard; empty when there is none. */
    private static Optional<String> movingColumn(BackfillSpec fill, BackfillWork work, ShardingSpec sharding) {
        return sharding.allTables().stream()
                .filter(table ->
                        table.schema().equals(fill.schema()) && table.name().equals(fill.table()))
                .flatMap(table -> table.key().stream())
                .map(KeyColumn::column)
                .filter(work.columns()::contains)
                .findFirst();
    }

    private static List<SqlStatement> read(String field, List<String> texts, List<SafetyFinding> problems) {
        List<SqlStatement> read = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            try {
                read.add(SqlStatement.of(texts.get(i)));
            } catch (RefusedSqlException e) {
                problems.add(
                        new SafetyFinding("refused-statement", texts.get(i), field + "[" + i + "]: " + e.getMessage()));
            }
        }
        return List.copyOf(read);
    }

    private static void rollout(
            String name, SchemaMigrationSpec spec, List<String> shards, List<SafetyFinding> problems) {
        boolean cannotUndo = spec.rollout().onFailure() == FailurePolicy.ROLL_BACK
                && !spec.expand().isEmpty()
                && spec.rollback().expand().isEmpty();
        if (cannotUndo) {
            problems.add(new SafetyFinding(
                    "no-rollback",
                    null,
                    "rollout.onFailure: RollBack needs the statements that undo expand: write rollback.expand"));
        }
        for (String canary : spec.rollout().canary()) {
            if (!shards.contains(canary)) {
                problems.add(new SafetyFinding(
                        "no-such-shard",
                        null,
                        "rollout.canary: the cluster has no shard " + canary + ", it has " + String.join(", ", shards)
                                + ": write one of these"));
            }
        }
        if (spec.after().contains(name)) {
            problems.add(new SafetyFinding("after-itself", null, "after: it cannot come after itself: take it away"));
        }
    }

    Work checksums() {
        return new Work(
                checksums(Step.EXPAND),
                backfill.map(BackfillWork::checksum).stream().toList(),
                checksums(Step.CONTRACT),
                checksums(Step.UNDO));
    }

    private List<String> checksums(Step step) {
        return of(step).stream().map(SqlStatement::checksum).toList();
    }

    List<SqlStatement> of(Step step) {
        return statements.getOrDefault(step, List.of());
    }
}
