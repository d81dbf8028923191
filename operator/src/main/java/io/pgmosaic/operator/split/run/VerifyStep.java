package io.pgmosaic.operator.split.run;

import io.pgmosaic.api.v1alpha1.split.SplitPhase;
import io.pgmosaic.api.v1alpha1.split.SplitProgress;
import io.pgmosaic.operator.cluster.ShardLogins.NoLoginException;
import io.pgmosaic.operator.split.ShardDatabase;
import io.pgmosaic.operator.split.status.SplitReport;
import io.pgmosaic.operator.split.verify.Direction;
import io.pgmosaic.operator.split.verify.MismatchException;
import io.pgmosaic.operator.split.verify.Progress;
import io.pgmosaic.operator.split.verify.Side;
import io.pgmosaic.operator.split.verify.StreamLateException;
import io.pgmosaic.operator.split.verify.Verdict;
import io.pgmosaic.operator.split.verify.Verification;
import io.pgmosaic.operator.split.verify.VerificationRequest;
import io.pgmosaic.operator.split.verify.Watch;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** Compares the rows of a part on both sides. */
final class VerifyStep {
    private static final Duration MARKER_PATIENCE = Duration.ofMinutes(1);

    private final SplitShards shards;
    private final SplitTeller teller;
    private final SourceLimits limits;

    VerifyStep(SplitShards shards, SplitTeller teller) {
        this.shards = shards;
        this.teller = teller;
        this.limits = new SourceLimits(shards);
    }

    /** Whether there is likely to be something to do at once. */
    boolean take(SplitScene scene, SplitPhase phase, String target, BooleanSupplier isOver)
            throws SQLException, NoLoginException, InterruptedException {
        Passage passage = Passage.of(shards, scene, target);
        ShardDatabase from = passage.from();
        ShardDatabase to = passage.to();
        boolean repair =
                scene.split() == null || scene.split().getSpec().verification().repair();
        VerificationRequest request = new VerificationRequest(
                scene.names(target),
                passage.isBack() ? Direction.REVERSE : Direction.FORWARD,
                passage.tables(),
                passage.isBack(),
                repair,
                1,
                MARKER_PATIENCE);
        teller.tell(
                scene.key(), SplitReport.of(phase, "shards " + from.shard() + " and " + to.shard() + " are compared"));
        ProgressMeter pace = new ProgressMeter(0);
        Watch watch = new Watch() {
            @Override
            public void progress(Progress progress) {
                if (pace.isDue()) {
                    teller.tell(scene.key(), compared(phase, from, to, progress));
                }
            }

            @Override
            public Optional<String> pause() {
                return limits.trouble(scene, from.shard());
            }

            @Override
            public boolean cancelled() {
                return isOver.getAsBoolean();
            }
        };
        try {
            return judged(scene, phase, Verification.run(request, side(from), side(to), watch));
        } catch (MismatchException | StreamLateException e) {
            teller.tell(scene.key(), SplitReport.of(phase, e.getMessage() + "; it is tried again"));
            return false;
        }
    }

    private static Side side(ShardDatabase database) {
        return new Side() {
            @Override
            public Connection superuser() throws SQLException {
                return database.asSuperuser();
            }

            @Override
            public Connection mover() throws SQLException {
                return database.asMover();
            }
        };
    }

    private boolean judged(SplitScene scene, SplitPhase phase, Verdict verdict) {
        return switch (verdict) {
            case Verdict.Verified verified -> {
                teller.tell(
                        scene.key(),
                        SplitReport.of(
                                phase,
                                verified.rows() + " rows are the same on both sides at "
                                        + verified.position().asString()
                                        + (verified.repaired() == 0
                                                ? ""
                                                : ", " + verified.repaired() + " of them repaired")));
                yield true;
            }
            case Verdict.Different different -> {
                String rows =
                        different.differences().stream().map(Object::toString).collect(Collectors.joining("; "));
                teller.tell(
                        scene.key(),
                        SplitReport.awaiting(
                                phase,
                                (different.isComplete() ? "" : "at least ") + different.count() + " rows differ: "
                                        + rows
                                        + (different.reason().isEmpty() ? "" : " (" + different.reason() + ")")
                                        + ". Set spec.verification.repair to true, or spec.rollback to true"));
                yield false;
            }
            case Verdict.Outdated outdated -> {
                teller.tell(scene.key(), SplitReport.of(phase, outdated.reason() + ": it is compared again"));
                yield true;
            }
            case Verdict.Cancelled cancelled -> true;
        };
    }

    private static SplitReport compared(SplitPhase phase, ShardDatabase from, ShardDatabase to, Progress progress) {
        long rate = Math.round(progress.rowsPerSecond());
        long left = progress.fraction() > 0
                ? Math.round(progress.rows() * (1 - progress.fraction()) / progress.fraction())
                : 0;
        return SplitReport.of(
                        phase,
                        "shards " + from.shard() + " and " + to.shard() + " are compared: table "
                                + Math.min(progress.tables(), progress.tablesDone() + 1) + " of " + progress.tables()
                                + ", "
                                + progress.table())
                .with(new SplitProgress(
                        (int) (100 * progress.fraction()),
                        null,
                        null,
                        null,
                        null,
                        rate,
                        progress.rows(),
                        null,
                        rate == 0 ? null : ProgressMeter.text(Duration.ofSeconds(left / rate))));
    }
}
