package io.pgmosaic.operator.split.run;

import io.pgmosaic.api.v1alpha1.split.SplitPhase;
import io.pgmosaic.api.v1alpha1.split.SplitProgress;
import io.pgmosaic.operator.cluster.ShardLogins.NoLoginException;
import io.pgmosaic.operator.split.MovingTable;
import io.pgmosaic.operator.split.ShardDatabase;
import io.pgmosaic.operator.split.SplitNames;
import io.pgmosaic.operator.split.clone.Adoption;
import io.pgmosaic.operator.split.clone.PrunedClone;
import io.pgmosaic.operator.split.copy.ServerWatch;
import io.pgmosaic.operator.split.copy.Throttle;
import io.pgmosaic.operator.split.prune.Pruning;
import io.pgmosaic.operator.split.record.ClusterRecords;
import io.pgmosaic.operator.split.record.OvertakenException;
import io.pgmosaic.operator.split.record.SplitMaps;
import io.pgmosaic.operator.split.record.SplitRecords;
import io.pgmosaic.operator.split.schema.DdlRefusal;
import io.pgmosaic.operator.split.status.SplitReport;
import io.pgmosaic.operator.split.stream.SplitStream;
import io.pgmosaic.routing.guard.GuardChange;
import io.pgmosaic.routing.guard.GuardedTable;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/** Steps by which a target that begins with the source's data becomes a whole copy of what moves. */
final class CloneSteps {
    private final SplitShards shards;
    private final ClusterRecords records;
    private final SplitTeller teller;
    private final SourceLimits limits;

    CloneSteps(SplitShards shards, ClusterRecords records, SplitTeller teller) {
        this.shards = shards;
        this.records = records;
        this.teller = teller;
        this.limits = new SourceLimits(shards);
    }

    /**
     * At the source, before the clone is cut: so the clone has the bookkeeping and the refusal, too.
     *
     * @param anew whether there is a slot that has lost what it was for
     */
    void prepare(SplitScene scene, SplitPhase phase, String target, boolean anew)
            throws SQLException, NoLoginException {
        teller.tell(
                scene.key(),
                SplitReport.of(
                        phase,
                        "shard " + scene.record().source() + " keeps what is written from now on for shard " + target));
        ShardDatabase source = shards.database(scene, scene.record().source());
        List<MovingTable> tables = ExistingTables.of(source, maps(scene).moving(target));
        SchemaSteps.prepareBookkeeping(source);
        DdlRefusal.begin(source, scene.names(target), scene.record().name(), tables);
        // There is no receiver yet, and none is asked for.
        SplitStream stream = SplitLook.stream(scene.names(target).forward(), source, source, tables);
        if (anew) {
            stream.dropAtSender();
        }
        stream.publish();
        stream.keepChanges();
    }

    void cut(SplitScene scene, SplitPhase phase, String target) throws OvertakenException {
        teller.tell(
                scene.key(),
                SplitReport.of(
                        phase,
                        "shard " + target + " has the data of shard "
                                + scene.record().source() + " and follows it no more"));
        records.change(
                scene.key().cluster(),
                scene.cluster().getMetadata().getUid(),
                status -> SplitRecords.cut(status, scene.key().uid(), target));
    }

    void adopt(SplitScene scene, SplitPhase phase, String target) throws SQLException, NoLoginException {
        teller.tell(scene.key(), SplitReport.of(phase, "the clone " + target + " becomes a shard of its own"));
        ShardDatabase source = shards.database(scene, scene.record().source());
        ShardDatabase clone = shards.database(scene, target);
        SplitMaps maps = maps(scene);
        List<GuardChange.Guarded> guarded;
        try (Connection superuser = clone.asSuperuser();
                Statement statement = superuser.createStatement()) {
            guarded = SchemaSteps.guarded(statement, maps, target);
        }
        Adoption.run(
                clone,
                new Adoption.Order(
                        scene.names(target),
                        scene.record().name(),
                        source.term(),
                        scene.map().version(),
                        guarded));
    }

    /** Whether there is something to do at once. */
    boolean prune(SplitScene scene, SplitPhase phase, String target, BooleanSupplier isOver)
            throws SQLException, NoLoginException, InterruptedException {
        ShardDatabase clone = shards.database(scene, target);
        SplitNames names = scene.names(target);
        PrunedClone pruned = PrunedClone.find(clone, names);
        try {
            prune(scene, phase, clone, pruned, isOver);
        } catch (CancellationException e) {
            return true;
        }
        if (pruned.isContinuedBy(shards.database(scene, scene.record().source()), names)) {
            pruned.end(clone, names);
        } else {
            pruned.giveUp(clone, names);
            teller.tell(
                    scene.key(),
                    SplitReport.of(
                            phase,
                            "shard " + scene.record().source()
                                    + " has failed over, or lost the changes since the clone " + target
                                    + " was cut: the rows are copied anew, one by one"));
        }
        return true;
    }

    private void prune(
            SplitScene scene, SplitPhase phase, ShardDatabase clone, PrunedClone pruned, BooleanSupplier isOver)
            throws SQLException, InterruptedException {
        SplitMaps maps = maps(scene);
        ProgressMeter meter = new ProgressMeter(0);
        Throttle throttle = new Throttle(limits.ofCopy(scene, clone.shard(), isOver), System::nanoTime);
        try (ServerWatch watch = ServerWatch.over(clone, isOver);
                Connection mover = watch.watched(clone.asMover());
                Statement statement = mover.createStatement()) {
            // The end of the copy waits for the standbys, for all of it at once.
            statement.execute("SET session_replication_role = replica; SET synchronous_commit = off");
            for (SplitMaps.Table table : ExistingTables.of(statement, maps)) {
                SplitNames names = scene.names(clone.shard());
                Pruning pruning =
                        new Pruning(mover, session -> pruned.goOn(session, names), (deleted, done, blocks) -> {
                            if (meter.isDue()) {
                                teller.tell(scene.key(), told(phase, clone, table.table(), done, blocks));
                            }
                            throttle.take(Pruning.BYTES);
                            return true;
                        });
                pruning.prune(table.table(), maps.guard(table.next(), clone.shard()));
            }
        }
    }

    private static SplitReport told(SplitPhase phase, ShardDatabase clone, GuardedTable table, long done, long blocks) {
        int percent = (int) (100 * done / Math.max(1, blocks));
        return SplitReport.of(
                        phase,
                        "rows that do not move are taken away from the clone " + clone.shard() + ": "
                                + table.qualifiedName() + ", " + percent + " %")
                .with(new SplitProgress(percent, null, null, null, null, null, null, null, null));
    }

    private static SplitMaps maps(SplitScene scene) {
        return SplitMaps.of(scene.map(), scene.spec().sharding(), scene.record());
    }
}
