package io.pgmosaic.operator.split.run;

import io.pgmosaic.api.v1alpha1.split.SplitPhase;
import io.pgmosaic.api.v1alpha1.split.SplitProgress;
import io.pgmosaic.operator.cluster.ShardLogins.NoLoginException;
import io.pgmosaic.operator.split.SplitNames;
import io.pgmosaic.operator.split.copy.CopyOrder;
import io.pgmosaic.operator.split.copy.LogicalCopy;
import io.pgmosaic.operator.split.status.SplitReport;
import io.pgmosaic.operator.split.stream.SplitStream;

import java.sql.SQLException;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/** Copies the rows of a part to whichever side does not have the keys. */
final class CopyStep {
    private final SplitShards shards;
    private final SplitTeller teller;
    private final SourceLimits limits;

    CopyStep(SplitShards shards, SplitTeller teller) {
        this.shards = shards;
        this.teller = teller;
        this.limits = new SourceLimits(shards);
    }

    /** Whether there is likely to be something to do at once. */
    boolean take(SplitScene scene, SplitPhase phase, String target, BooleanSupplier isOver)
            throws SQLException, NoLoginException, InterruptedException {
        Passage passage = Passage.of(shards, scene, target);
        SplitNames names = scene.names(target);
        teller.tell(
                scene.key(),
                SplitReport.of(
                        phase, "the rows that move to shard " + passage.to().shard() + " are counted"));
        ProgressMeter meter = new ProgressMeter(passage.count());
        SplitStream stream = SplitSteps.stream(shards, scene, target, !passage.isBack());
        // What is deleted here must not be deleted there, so nothing flows while rows are replaced.
        SplitSteps.stream(shards, scene, target, passage.isBack()).drop();
        stream.drop();
        stream.publish();
        CopyOrder order = new CopyOrder(
                names,
                scene.record().name(),
                passage.isBack() ? names.reverse() : names.forward(),
                passage.from(),
                passage.to(),
                scene.map().version(),
                passage.tables(),
                !passage.isBack());
        try {
            new LogicalCopy(
                            order,
                            limits.ofCopy(scene, passage.from().shard(), isOver),
                            (table, rows, bytes, isDone) -> {
                                meter.copied(table, rows, bytes);
                                if (meter.isDue()) {
                                    tell(scene, phase, passage, meter);
                                }
                            })
                    .run();
            tell(scene, phase, passage, meter);
            return true;
        } catch (CancellationException e) {
            return true;
        }
    }

    private void tell(SplitScene scene, SplitPhase phase, Passage passage, ProgressMeter meter) {
        SplitProgress progress = meter.progress();
        String pause = limits.trouble(scene, passage.from().shard())
                .map(why -> "; it waits: " + why)
                .orElse("");
        teller.tell(
                scene.key(),
                SplitReport.of(
                                phase,
                                "rows are copied from shard " + passage.from().shard() + " to shard "
                                        + passage.to().shard() + ": " + progress.rowsCopied() + " of "
                                        + progress.rowsTotal() + pause)
                        .with(progress));
    }
}
