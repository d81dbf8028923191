package io.pgmosaic.operator.split.run;

import io.pgmosaic.api.v1alpha1.common.DurationText;
import io.pgmosaic.api.v1alpha1.split.ShardSplit;
import io.pgmosaic.api.v1alpha1.split.SplitPhase;
import io.pgmosaic.api.v1alpha1.split.SplitProgress;
import io.pgmosaic.api.v1alpha1.split.ThrottleSpec;
import io.pgmosaic.operator.cluster.ShardLogins.NoLoginException;
import io.pgmosaic.operator.split.MovingTable;
import io.pgmosaic.operator.split.ShardDatabase;
import io.pgmosaic.operator.split.SplitNames;
import io.pgmosaic.operator.split.copy.CopyLimits;
import io.pgmosaic.operator.split.copy.CopyOrder;
import io.pgmosaic.operator.split.copy.LogicalCopy;
import io.pgmosaic.operator.split.record.SplitMaps;
import io.pgmosaic.operator.split.schema.DdlRefusal;
import io.pgmosaic.operator.split.schema.SchemaRefusedException;
import io.pgmosaic.operator.split.schema.SchemaSource.Section;
import io.pgmosaic.operator.split.schema.SchemaTransfer;
import io.pgmosaic.operator.split.schema.SplitBookkeeping;
import io.pgmosaic.operator.split.status.SplitReport;
import io.pgmosaic.operator.split.stream.SplitStream;
import io.pgmosaic.operator.split.verify.Direction;
import io.pgmosaic.operator.split.verify.MismatchException;
import io.pgmosaic.operator.split.verify.Progress;
import io.pgmosaic.operator.split.verify.Side;
import io.pgmosaic.operator.split.verify.StreamLateException;
import io.pgmosaic.operator.split.verify.Verdict;
import io.pgmosaic.operator.split.verify.Verification;
import io.pgmosaic.operator.split.verify.VerificationRequest;
import io.pgmosaic.operator.split.verify.VerificationSchema;
import io.pgmosaic.operator.split.verify.Watch;
import io.pgmosaic.routing.guard.GuardChange;
import io.pgmosaic.routing.guard.SqlText;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** Steps that go through rows: the schema, the copy, the comparison. */
final class RowSteps {
    private static final long LOCK_MILLIS = 1_000;
    private static final Duration MARKER_PATIENCE = Duration.ofMinutes(1);

    private final SplitShards shards;
    private final SplitTeller teller;

    RowSteps(SplitShards shards, SplitTeller teller) {
        this.shards = shards;
        this.teller = teller;
    }

    /** First at the source: what is given to the targets must not change any more. */
    boolean prepareSchema(SplitScene scene) throws SQLException, IOException, NoLoginException, InterruptedException {
        SplitMaps maps = SplitMaps.of(scene.map(), scene.spec().sharding(), scene.record());
        ShardDatabase source = shards.database(scene, scene.record().source());
        prepareBookkeeping(source);
        for (String target : scene.targets()) {
            DdlRefusal.begin(source, scene.names(target), scene.record().name(), existing(source, maps.moving(target)));
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
            close(scene, maps, to);
            DdlRefusal.begin(to, scene.names(target), scene.record().name(), existing(to, maps.moving(target)));
        }
        return true;
    }

    private static void prepareBookkeeping(ShardDatabase database) throws SQLException {
        SplitBookkeeping.ensure(database);
        try (Connection superuser = database.asSuperuser();
                Statement statement = superuser.createStatement()) {
            statement.execute(VerificationSchema.create());
        }
    }

    /** Tables without a guard would take any row. */
    private static void close(SplitScene scene, SplitMaps maps, ShardDatabase target) throws SQLException {
        try (Connection superuser = target.asSuperuser();
                Statement statement = superuser.createStatement()) {
            List<GuardChange.Guarded> guarded = new ArrayList<>();
            for (SplitMaps.Table table : maps.tables()) {
                if (exists(statement, table.table().qualifiedName())) {
                    guarded.add(new GuardChange.Guarded(table.table(), maps.guard(table.present(), target.shard())));
                }
            }
            statement.execute(new GuardChange(target.shard(), scene.map().version(), LOCK_MILLIS).install(guarded));
        }
    }

    static List<MovingTable> existing(ShardDatabase database, List<MovingTable> tables) throws SQLException {
        try (Connection superuser = database.asSuperuser();
                Statement statement = superuser.createStatement()) {
            List<MovingTable> found = new ArrayList<>();
            for (MovingTable table : tables) {
                if (exists(statement, table.qualifiedName())) {
                    found.add(table);
                }
            }
            return found;
        }
    }

    private static boolean exists(Statement statement, String table) throws SQLException {
        try (ResultSet row =
                statement.executeQuery("SELECT pg_catalog.to_regclass(" + SqlText.literal(table) + ") IS NOT NULL")) {
            row.next();
            return row.getBoolean(1);
        }
    }

    private SchemaTransfer transfer(SplitScene scene, ShardDatabase source, ShardDatabase to, String target) {
        return new SchemaTransfer(scene.names(target), source, to, shards.schema(scene, source));
    }

    boolean completeSchema(SplitScene scene, String target)
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

    /** Copies to whichever side does not have the keys. */
    boolean copy(SplitScene scene, SplitPhase phase, String target, BooleanSupplier isOver)
            throws SQLException, NoLoginException, InterruptedException {
        boolean back = scene.record().switched();
        SplitMaps maps = SplitMaps.of(scene.map(), scene.spec().sharding(), scene.record());
        SplitNames names = scene.names(target);
        ShardDatabase from =
                shards.database(scene, back ? target : scene.record().source());
        ShardDatabase to = shards.database(scene, back ? scene.record().source() : target);
        List<MovingTable> tables = existing(from, maps.moving(target)).stream()
                .filter(table -> !back || !table.isReference())
                .toList();
        teller.tell(key(scene), SplitReport.of(phase, "the rows that move to shard " + to.shard() + " are counted"));
        ProgressMeter meter = new ProgressMeter(count(from, tables));
        SplitStream stream = SplitSteps.stream(shards, scene, target, !back);
        // What is deleted here must not be deleted there, so nothing flows while rows are replaced.
        SplitSteps.stream(shards, scene, target, back).drop();
        stream.drop();
        stream.publish();
        CopyOrder order = new CopyOrder(
                names,
                scene.record().name(),
                back ? names.reverse() : names.forward(),
                from,
                to,
                scene.map().version(),
                tables,
                !back);
        try {
            new LogicalCopy(order, limits(scene, from.shard(), isOver), (table, rows, bytes, isDone) -> {
                        meter.copied(table, rows, bytes);
                        if (meter.isDue()) {
                            tellCopied(scene, phase, from, to, meter);
                        }
                    })
                    .run();
            tellCopied(scene, phase, from, to, meter);
            return true;
        } catch (CancellationException e) {
            return true;
        }
    }

    private void tellCopied(
            SplitScene scene, SplitPhase phase, ShardDatabase from, ShardDatabase to, ProgressMeter meter) {
        SplitProgress progress = meter.progress();
        String pause = shards.trouble(scene, from.shard(), throttle(scene).mostLag())
                .map(why -> "; it waits: " + why)
                .orElse("");
        teller.tell(
                key(scene),
                SplitReport.of(
                                phase,
                                "rows are copied from shard " + from.shard() + " to shard " + to.shard() + ": "
                                        + progress.rowsCopied() + " of " + progress.rowsTotal() + pause)
                        .with(progress));
    }

    static long count(ShardDatabase from, List<MovingTable> tables) throws SQLException {
        long rows = 0;
        try (Connection mover = from.asMover();
                Statement statement = mover.createStatement()) {
            for (MovingTable table : tables) {
                try (ResultSet row = statement.executeQuery("SELECT pg_catalog.count(*) FROM " + table.qualifiedName()
                        + " AS " + MovingTable.ALIAS + " WHERE " + table.condition())) {
                    row.next();
                    rows += row.getLong(1);
                }
            }
        }
        return rows;
    }

    private record Throttle(long bytesPerSecond, Duration mostLag) {}

    private static Throttle throttle(SplitScene scene) {
        @Nullable ShardSplit split = scene.split();
        ThrottleSpec spec =
                split == null ? ThrottleSpec.defaults() : split.getSpec().throttle();
        Long bytes = spec.bytesPerSecond();
        return new Throttle(bytes == null ? 0 : bytes, DurationText.parse(spec.maxSourceLag()));
    }

    private CopyLimits limits(SplitScene scene, String source, BooleanSupplier isOver) {
        Throttle throttle = throttle(scene);
        return new CopyLimits(
                throttle::bytesPerSecond, () -> shards.trouble(scene, source, throttle.mostLag()), isOver);
    }

    boolean verify(SplitScene scene, SplitPhase phase, String target, BooleanSupplier isOver)
            throws SQLException, NoLoginException, InterruptedException {
        boolean back = scene.record().switched();
        SplitMaps maps = SplitMaps.of(scene.map(), scene.spec().sharding(), scene.record());
        ShardDatabase from =
                shards.database(scene, back ? target : scene.record().source());
        ShardDatabase to = shards.database(scene, back ? scene.record().source() : target);
        List<MovingTable> tables = existing(from, maps.moving(target)).stream()
                .filter(table -> !back || !table.isReference())
                .toList();
        boolean repair =
                scene.split() == null || scene.split().getSpec().verification().repair();
        VerificationRequest request = new VerificationRequest(
                scene.names(target),
                back ? Direction.REVERSE : Direction.FORWARD,
                tables,
                back,
                repair,
                1,
                MARKER_PATIENCE);
        teller.tell(
                key(scene), SplitReport.of(phase, "shards " + from.shard() + " and " + to.shard() + " are compared"));
        ProgressMeter pace = new ProgressMeter(0);
        Watch watch = new Watch() {
            @Override
            public void progress(Progress progress) {
                if (pace.isDue()) {
                    teller.tell(key(scene), compared(phase, from, to, progress));
                }
            }

            @Override
            public Optional<String> pause() {
                return shards.trouble(scene, from.shard(), throttle(scene).mostLag());
            }

            @Override
            public boolean cancelled() {
                return isOver.getAsBoolean();
            }
        };
        try {
            return judged(scene, phase, Verification.run(request, side(from), side(to), watch));
        } catch (MismatchException | StreamLateException e) {
            teller.tell(key(scene), SplitReport.of(phase, e.getMessage() + "; it is tried again"));
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
                        key(scene),
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
                        key(scene),
                        SplitReport.awaiting(
                                phase,
                                (different.isComplete() ? "" : "at least ") + different.count() + " rows differ: "
                                        + rows
                                        + (different.reason().isEmpty() ? "" : " (" + different.reason() + ")")
                                        + ". Set spec.verification.repair to true, or spec.rollback to true"));
                yield false;
            }
            case Verdict.Outdated outdated -> {
                teller.tell(key(scene), SplitReport.of(phase, outdated.reason() + ": it is compared again"));
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

    private static SplitKey key(SplitScene scene) {
        return scene.key();
    }
}
