package io.pgmosaic.operator.split.run;

import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterSpec;
import io.pgmosaic.api.v1alpha1.split.ShardSplit;
import io.pgmosaic.api.v1alpha1.split.SplitPhase;
import io.pgmosaic.operator.cluster.ShardLogins.NoLoginException;
import io.pgmosaic.operator.split.MovingTable;
import io.pgmosaic.operator.split.ShardDatabase;
import io.pgmosaic.operator.split.SplitNames;
import io.pgmosaic.operator.split.plan.PartFacts;
import io.pgmosaic.operator.split.plan.SplitFacts;
import io.pgmosaic.operator.split.plan.SplitPlan;
import io.pgmosaic.operator.split.plan.SplitStep;
import io.pgmosaic.operator.split.record.ClusterRecords;
import io.pgmosaic.operator.split.record.OvertakenException;
import io.pgmosaic.operator.split.record.SplitMaps;
import io.pgmosaic.operator.split.record.SplitRecords;
import io.pgmosaic.operator.split.status.SplitReport;
import io.pgmosaic.operator.split.stream.SplitStream;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Looks at a split, and takes one planned step. */
final class SplitSteps {
    private final SplitShards shards;
    private final ClusterRecords records;
    private final SplitTeller teller;
    private final Clock clock;
    private final SplitLook look;
    private final SplitBeginning beginning;
    private final SchemaSteps schema;
    private final CopyStep copy;
    private final VerifyStep verify;
    private final CloneSteps clones;
    private final HandOverStep handOver;
    private final ReleaseStep release;

    SplitSteps(SplitShards shards, ClusterRecords records, SplitTeller teller, Clock clock) {
        this.shards = shards;
        this.records = records;
        this.teller = teller;
        this.clock = clock;
        this.look = new SplitLook(shards);
        this.beginning = new SplitBeginning(shards, records, teller);
        this.schema = new SchemaSteps(shards, teller);
        this.copy = new CopyStep(shards, teller);
        this.verify = new VerifyStep(shards, teller);
        this.clones = new CloneSteps(shards, records, teller);
        this.handOver = new HandOverStep(shards, records, teller);
        this.release = new ReleaseStep(shards, teller);
    }

    /** When to look again: at once when it has begun. Otherwise its status says why not. */
    Duration begin(SplitKey key, ShardSplit split, ShardedCluster cluster, ShardedClusterSpec spec)
            throws SQLException, IOException, NoLoginException, OvertakenException, InterruptedException {
        return beginning.begin(key, split, cluster, spec);
    }

    SplitFacts look(SplitScene scene) throws SQLException {
        SplitMaps maps = SplitMaps.of(scene.map(), scene.spec().sharding(), scene.record());
        List<PartFacts> parts = new ArrayList<>();
        for (String target : scene.targets()) {
            parts.add(look.part(scene, maps.moving(target), target));
        }
        return new SplitFacts(
                scene.map().version(),
                scene.record().switched(),
                scene.record().finished(),
                SplitRecords.rule(scene.record()).keepsSource(),
                parts,
                SplitWishes.of(scene, clock.instant()));
    }

    /** What a person is told while nothing can be done. */
    SplitReport waiting(SplitScene scene, SplitFacts facts, SplitPhase phase, String why) {
        String person = phase == SplitPhase.AWAITING_APPROVAL ? SplitWishes.needsPerson(scene, clock.instant()) : "";
        String message =
                switch (phase) {
                    case SOAKING -> SplitWishes.soaking(scene, clock.instant(), why);
                    case AWAITING_APPROVAL -> "all rows are verified; " + why;
                    default -> why;
                };
        return new SplitReport(phase, message, person, null, facts.lagBytes(), List.of(), null);
    }

    /**
     * Takes the step; it blocks as long as that takes.
     *
     * @param isOver whether to leave it, because somebody else leads or a person wants otherwise
     * @return whether there is likely to be something to do at once
     */
    boolean take(SplitScene scene, SplitPlan plan, BooleanSupplier isOver)
            throws SQLException, IOException, NoLoginException, OvertakenException, InterruptedException {
        SplitPhase phase = plan.phase();
        if (isOver.getAsBoolean()) {
            return true;
        }
        switch (plan.step()) {
            case SplitStep.Wait wait -> {
                return false;
            }
            case SplitStep.AwaitShard shard -> {
                return false;
            }
            case SplitStep.PrepareSchema prepare -> {
                teller.tell(key(scene), SplitReport.of(phase, "the targets are given the source's tables"));
                return schema.prepare(scene);
            }
            case SplitStep.PrepareClone prepare -> clones.prepare(scene, phase, prepare.target(), prepare.anew());
            case SplitStep.CutClone cut -> clones.cut(scene, phase, cut.target());
            case SplitStep.AdoptClone adopt -> clones.adopt(scene, phase, adopt.target());
            case SplitStep.PruneClone prune -> {
                return clones.prune(scene, phase, prune.target(), isOver);
            }
            case SplitStep.Copy copying -> {
                return copy.take(scene, phase, copying.target(), isOver);
            }
            case SplitStep.CompleteSchema complete -> {
                teller.tell(
                        key(scene),
                        SplitReport.of(
                                phase, "the rows are copied; shard " + complete.target() + " builds its indexes"));
                return schema.complete(scene, complete.target());
            }
            case SplitStep.BeginStream begin -> {
                teller.tell(key(scene), SplitReport.of(phase, "changes begin to flow"));
                SplitStream stream =
                        stream(scene, begin.target(), !scene.record().switched());
                stream.subscribe(SplitLook.copyPosition(
                        shards.database(
                                scene,
                                scene.record().switched() ? scene.record().source() : begin.target()),
                        scene.names(begin.target())));
                stream.followSender();
                stream.enable();
            }
            case SplitStep.Verify verifying -> {
                return verify.take(scene, phase, verifying.target(), isOver);
            }
            case SplitStep.PrepareWayBack prepare -> {
                SplitStream stream =
                        stream(scene, prepare.target(), scene.record().switched());
                stream.dropLostSlot();
                stream.publish();
                stream.keepChanges();
                stream.subscribe();
            }
            case SplitStep.HandOver hand -> {
                return handOver.take(scene, phase);
            }
            case SplitStep.ThawByNewMap thaw ->
                change(scene, phase, "a cut-over that was not ended is given up by a new version of the map");
            case SplitStep.EndEarlierStream end ->
                stream(scene, end.target(), scene.record().switched()).drop();
            case SplitStep.Finish finish -> finish(scene, phase);
            case SplitStep.EndStreams end -> release.endStreams(scene, end.target());
            case SplitStep.Release releasing -> {
                return release.release(scene, phase, releasing.prune(), isOver);
            }
            case SplitStep.Forget forget ->
                records.change(
                        key(scene).cluster(),
                        uid(scene),
                        status -> SplitRecords.forgotten(status, key(scene).uid()));
        }
        return true;
    }

    private void change(SplitScene scene, SplitPhase phase, String why) throws OvertakenException {
        teller.tell(key(scene), SplitReport.of(phase, why));
        records.change(
                key(scene).cluster(),
                uid(scene),
                status -> SplitRecords.thawed(
                        status, key(scene).uid(), scene.map().version()));
    }

    private void finish(SplitScene scene, SplitPhase phase) throws OvertakenException {
        teller.tell(
                key(scene),
                SplitReport.of(
                        phase,
                        scene.record().switched()
                                ? "the targets keep their keys; what the split needed is taken away"
                                : "shard " + scene.record().source() + " keeps its keys; the targets are removed"));
        records.change(
                key(scene).cluster(),
                uid(scene),
                status -> SplitRecords.finished(
                        status, key(scene).uid(), scene.map().version()));
    }

    private SplitStream stream(SplitScene scene, String target, boolean forward) throws SQLException, NoLoginException {
        return stream(shards, scene, target, forward);
    }

    static SplitStream stream(SplitShards shards, SplitScene scene, String target, boolean forward)
            throws SQLException, NoLoginException {
        SplitMaps maps = SplitMaps.of(scene.map(), scene.spec().sharding(), scene.record());
        ShardDatabase source = shards.database(scene, scene.record().source());
        ShardDatabase to = shards.database(scene, target);
        SplitNames names = scene.names(target);
        List<MovingTable> tables = ExistingTables.of(forward ? source : to, maps.moving(target));
        return forward
                ? SplitLook.stream(names.forward(), source, to, tables)
                : SplitLook.stream(
                        names.reverse(),
                        to,
                        source,
                        tables.stream().filter(table -> !table.isReference()).toList());
    }

    private static SplitKey key(SplitScene scene) {
        return scene.key();
    }

    private static String uid(SplitScene scene) {
        return scene.cluster().getMetadata().getUid();
    }
}
