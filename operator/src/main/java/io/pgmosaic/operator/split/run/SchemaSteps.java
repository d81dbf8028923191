package io.pgmosaic.operator.split.run;

import io.pgmosaic.api.v1alpha1.split.SplitPhase;
import io.pgmosaic.operator.cluster.ShardLogins.NoLoginException;
import io.pgmosaic.operator.split.ShardDatabase;
import io.pgmosaic.operator.split.record.SplitMaps;
import io.pgmosaic.operator.split.schema.DdlRefusal;
import io.pgmosaic.operator.split.schema.SchemaRefusedException;
import io.pgmosaic.operator.split.schema.SchemaSource.Section;
import io.pgmosaic.operator.split.schema.SchemaTransfer;
import io.pgmosaic.operator.split.schema.SplitBookkeeping;
import io.pgmosaic.operator.split.status.SplitReport;
import io.pgmosaic.operator.split.verify.VerificationSchema;
import io.pgmosaic.routing.guard.GuardChange;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** Gives the targets the source's schema, and holds it still on both sides. */
final class SchemaSteps {
    private static final long LOCK_MILLIS = 1_000;

    private final SplitShards shards;
    private final SplitTeller teller;

    SchemaSteps(SplitShards shards, SplitTeller teller) {
        this.shards = shards;
        this.teller = teller;
    }

    /** First at the source: what is given to the targets must not change any more. */
    boolean prepare(SplitScene scene) throws SQLException, IOException, NoLoginException, InterruptedException {
        SplitMaps maps = SplitMaps.of(scene.map(), scene.spec().sharding(), scene.record());
        ShardDatabase source = shards.database(scene, scene.record().source());
        prepareBookkeeping(source);
        for (String target : scene.targets()) {
            DdlRefusal.begin(
                    source, scene.names(target), scene.record().name(), ExistingTables.of(source, maps.moving(target)));
        }
        for (String target : scene.targets()) {
            ShardDatabase to = shards.database(scene, target);
            prepareBookkeeping(to);
            try {
                transfer(scene, source, to, target).ensure(Section.PRE_DATA);
            } catch (SchemaRefusedException e) {
                teller.tell(
                        scene.key(),
                        SplitReport.awaiting(
                                SplitPhase.PREPARING,
                                "shard " + target + " cannot be given the source's schema: " + e.getMessage()));
                return false;
            }
            DdlRefusal.begin(
                    to, scene.names(target), scene.record().name(), ExistingTables.of(to, maps.moving(target)));
        }
        return true;
    }

    static void prepareBookkeeping(ShardDatabase database) throws SQLException {
        SplitBookkeeping.ensure(database);
        try (Connection superuser = database.asSuperuser();
                Statement statement = superuser.createStatement()) {
            statement.execute(VerificationSchema.create());
        }
    }

    private SchemaTransfer transfer(SplitScene scene, ShardDatabase source, ShardDatabase to, String target)
            throws SQLException {
        return new SchemaTransfer(
                scene.names(target), source, to, shards.schema(scene, source), guard(scene, source, to));
    }

    /** Tables without a guard would take any row. Those of the target will be the source's. */
    private static String guard(SplitScene scene, ShardDatabase source, ShardDatabase to) throws SQLException {
        SplitMaps maps = SplitMaps.of(scene.map(), scene.spec().sharding(), scene.record());
        try (Connection superuser = source.asSuperuser();
                Statement statement = superuser.createStatement()) {
            return new GuardChange(to.shard(), scene.map().version(), LOCK_MILLIS)
                    .install(guarded(statement, maps, to.shard()));
        }
    }

    /** The tables that are there, each with the guard that a shard is to have by the present map. */
    static List<GuardChange.Guarded> guarded(Statement statement, SplitMaps maps, String shard) throws SQLException {
        return ExistingTables.of(statement, maps).stream()
                .map(table -> new GuardChange.Guarded(table.table(), maps.guard(table.present(), shard)))
                .toList();
    }

    boolean complete(SplitScene scene, String target)
            throws SQLException, IOException, NoLoginException, InterruptedException {
        ShardDatabase source = shards.database(scene, scene.record().source());
        ShardDatabase to = shards.database(scene, target);
        try {
            transfer(scene, source, to, target).ensure(Section.POST_DATA);
            return true;
        } catch (SchemaRefusedException e) {
            teller.tell(
                    scene.key(),
                    SplitReport.awaiting(
                            SplitPhase.COPYING,
                            "shard " + target + " cannot be given the source's indexes and constraints: "
                                    + e.getMessage()));
            return false;
        }
    }
}
