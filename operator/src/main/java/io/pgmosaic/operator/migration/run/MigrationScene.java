package io.pgmosaic.operator.migration.run;

import io.pgmosaic.api.v1alpha1.cluster.SchemaChangeState;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterSpec;
import io.pgmosaic.api.v1alpha1.common.DurationText;
import io.pgmosaic.api.v1alpha1.migration.MigrationPhase;
import io.pgmosaic.api.v1alpha1.migration.RolloutSpec;
import io.pgmosaic.api.v1alpha1.migration.SchemaMigration;
import io.pgmosaic.api.v1alpha1.split.TimeWindow;
import io.pgmosaic.operator.migration.apply.ApplyLimits;
import io.pgmosaic.operator.migration.plan.MigrationFacts.OnFailure;
import io.pgmosaic.operator.migration.plan.MigrationFacts.Rollout;
import io.pgmosaic.operator.migration.record.MigrationId;
import io.pgmosaic.operator.migration.record.SchemaNotice;
import io.pgmosaic.operator.migration.status.MigrationReport;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What one look at the API has given.
 *
 * @param spec of the cluster, in force
 * @param work that is declared
 * @param shards in the order in which they are changed
 */
record MigrationScene(
        SchemaMigration migration,
        ShardedCluster cluster,
        ShardedClusterSpec spec,
        DeclaredWork work,
        List<String> shards) {
    static MigrationScene of(SchemaMigration migration, ShardedCluster cluster, ShardedClusterSpec spec) {
        List<String> known = MigrationShards.inOrder(cluster, List.of());
        DeclaredWork work =
                DeclaredWork.of(migration.getMetadata().getName(), migration.getSpec(), known, spec.sharding());
        return new MigrationScene(
                migration,
                cluster,
                spec,
                work,
                MigrationShards.inOrder(cluster, migration.getSpec().rollout().canary()));
    }

    RolloutSpec rolloutSpec() {
        return migration.getSpec().rollout();
    }

    Rollout rollout() {
        RolloutSpec rollout = rolloutSpec();
        return new Rollout(
                Math.max(1, rollout.canary().size()),
                rollout.maxParallel(),
                DurationText.parse(rollout.pauseBetweenWaves()),
                !rollout.approveContract() || migration.getSpec().approved(),
                switch (rollout.onFailure()) {
                    case STOP -> OnFailure.STOP;
                    case CONTINUE -> OnFailure.CONTINUE;
                    case ROLL_BACK -> OnFailure.ROLL_BACK;
                },
                told().map(SchemaChangeState::undoneFrom).isPresent());
    }

    /** What applications are told of it; empty before it has begun. */
    Optional<SchemaChangeState> told() {
        return SchemaNotice.find(
                cluster.getStatus(),
                new MigrationId(
                        migration.getMetadata().getUid(),
                        migration.getMetadata().getName()));
    }

    ApplyLimits limits() {
        RolloutSpec rollout = rolloutSpec();
        return new ApplyLimits(
                DurationText.parse(rollout.lockTimeout()),
                rollout.maxLockAttempts(),
                DurationText.parse(rollout.statementTimeout()));
    }

    /** Why no statement may begin at this time; empty when it may. */
    String outsideOfWindow(Instant now) {
        TimeWindow window = rolloutSpec().window();
        if (window == null) {
            return "";
        }
        if (now.isBefore(Instant.parse(window.notBefore()))) {
            return "its window begins at " + window.notBefore();
        }
        return now.isBefore(Instant.parse(window.notAfter()))
                ? ""
                : "its window ended at " + window.notAfter() + ": write another spec.rollout.window";
    }

    /** What a person has to put right before anything runs. */
    MigrationReport refusal() {
        String first = work.problems().getFirst().message();
        String more = work.problems().size() == 1
                ? ""
                : " (and " + (work.problems().size() - 1) + " more in status.findings)";
        MigrationPhase before = migration.getStatus().phase();
        return new MigrationReport(
                before == null ? MigrationPhase.PENDING : before,
                first + more,
                "",
                work.problems().stream()
                        .map(problem -> String.valueOf(problem.message()))
                        .collect(Collectors.joining("; ")),
                work.problems(),
                null,
                null);
    }
}
