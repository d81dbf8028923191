package io.pgmosaic.operator.split.run;

import io.pgmosaic.api.v1alpha1.split.SplitPhase;
import io.pgmosaic.api.v1alpha1.split.SplitProgress;
import io.pgmosaic.operator.cluster.ShardLogins.NoLoginException;
import io.pgmosaic.operator.split.ShardDatabase;
import io.pgmosaic.operator.split.SplitNames;
import io.pgmosaic.operator.split.prune.Pruning;
import io.pgmosaic.operator.split.record.SplitMaps;
import io.pgmosaic.operator.split.schema.SplitBookkeeping;
import io.pgmosaic.operator.split.status.SplitReport;
import io.pgmosaic.operator.split.stream.SplitStream;
import io.pgmosaic.routing.guard.GuardedTable;
import io.pgmosaic.routing.map.ShardMap;
import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Takes away what a split put into the shards that stay, and the rows that the source does not own any more. */
final class ReleaseStep {
    private final SplitShards shards;
    private final SplitTeller teller;

    ReleaseStep(SplitShards shards, SplitTeller teller) {
        this.shards = shards;
        this.teller = teller;
    }

    /** At a side that does not answer, which is then one that is to be removed, nothing is done. */
    void endStreams(SplitScene scene, String target) throws SQLException {
        SplitNames names = scene.names(target);
        for (String shard : List.of(scene.record().source(), target)) {
            @Nullable ShardDatabase database = reachable(scene, shard);
            if (database == null) {
                continue;
            }
            for (String name : List.of(names.forward(), names.reverse())) {
                SplitStream stream = new SplitStream(name, database, database, List.of(), List.of());
                stream.dropAtReceiver();
                stream.dropAtSender();
            }
        }
    }

    private @Nullable ShardDatabase reachable(SplitScene scene, String shard) {
        try {
            ShardDatabase database = shards.database(scene, shard);
            try (Connection session = database.asSuperuser()) {
                return session.isValid(1) ? database : null;
            }
        } catch (NoLoginException | SQLException notNow) {
            return null;
        }
    }

    /** @return whether it came to the end */
    boolean release(SplitScene scene, SplitPhase phase, boolean prune, BooleanSupplier isOver)
            throws SQLException, NoLoginException, InterruptedException {
        ShardDatabase source = shards.database(scene, scene.record().source());
        if (prune && !prune(scene, phase, source, isOver)) {
            return false;
        }
        boolean keepsTargets = scene.record().switched();
        for (String target : scene.targets()) {
            SplitNames names = scene.names(target);
            if (keepsTargets) {
                SplitSweep.forget(shards.database(scene, target), names.stem());
            }
            if (prune || !keepsTargets) {
                SplitSweep.forget(source, names.stem());
            }
        }
        return true;
    }

    private boolean prune(SplitScene scene, SplitPhase phase, ShardDatabase source, BooleanSupplier isOver)
            throws SQLException, InterruptedException {
        SplitMaps maps = SplitMaps.of(scene.map(), scene.spec().sharding(), scene.record());
        ProgressMeter meter = new ProgressMeter(0);
        long version = scene.map().version();
        SplitBookkeeping.ensure(source);
        try (Connection mover = source.asMover();
                Statement statement = mover.createStatement()) {
            statement.execute("SET session_replication_role = replica");
            for (SplitMaps.Table table : ExistingTables.of(statement, maps)) {
                Pruning pruning = new Pruning(
                        mover, session -> SplitBookkeeping.goOnPruning(session, version), (rows, done, blocks) -> {
                            if (meter.isDue()) {
                                teller.tell(scene.key(), pruned(phase, source, table.table(), done, blocks));
                            }
                            return !isOver.getAsBoolean();
                        });
                ShardMap map = table.present();
                if (!pruning.prune(table.table(), maps.guard(map, source.shard()))) {
                    return false;
                }
            }
        }
        return true;
    }

    private static SplitReport pruned(
            SplitPhase phase, ShardDatabase source, GuardedTable table, long done, long blocks) {
        return SplitReport.of(
                        phase,
                        "rows that moved are taken away from shard " + source.shard() + ": " + table.qualifiedName()
                                + ", " + 100 * done / Math.max(1, blocks) + " %")
                .with(new SplitProgress(
                        (int) (100 * done / Math.max(1, blocks)), null, null, null, null, null, null, null, null));
    }
}
