package io.pgmosaic.operator.split.run;

import io.pgmosaic.api.v1alpha1.cluster.CloneState;
import io.pgmosaic.api.v1alpha1.cluster.ShardState;
import io.pgmosaic.operator.cluster.ShardLogins.NoLoginException;
import io.pgmosaic.operator.split.MovingTable;
import io.pgmosaic.operator.split.ShardDatabase;
import io.pgmosaic.operator.split.SplitNames;
import io.pgmosaic.operator.split.clone.Followers;
import io.pgmosaic.operator.split.plan.CloneStage;
import io.pgmosaic.operator.split.plan.CopyFacts;
import io.pgmosaic.operator.split.plan.PartFacts;
import io.pgmosaic.operator.split.plan.SideFacts;
import io.pgmosaic.operator.split.plan.SplitPlanner;
import io.pgmosaic.operator.split.plan.StreamFacts;
import io.pgmosaic.operator.split.stream.Leftovers;
import io.pgmosaic.operator.split.stream.SplitStream;
import io.pgmosaic.operator.split.verify.VerificationSchema;
import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** Finds out what there is of a part in the databases of its two shards. */
final class SplitLook {
    /** Of a database that has been set up; another one gives an error, or no row. */
    private static final String SIDE = """
            SELECT coalesce(least(m.version, (SELECT min(g.map_version) FROM mosaic.guard AS g)), 0) AS version,
              coalesce(m.frozen_version, 0) AS frozen,
              EXISTS (SELECT FROM pg_catalog.pg_event_trigger AS e WHERE e.evtname = ?) AS held,
              v.stem IS NOT NULL AS known,
              v.copy_began_at IS NOT NULL AS began, v.copied_at IS NOT NULL AS copied,
              v.verified_at IS NOT NULL AS verified,
              coalesce(m.shard <> ?, false) AS is_foreign,
              v.copy_position IS NOT NULL AND v.copied_at IS NULL AS is_pruned,
              coalesce(v.verified_source_term, 0) AS source_term, coalesce(v.verified_target_term, 0) AS target_term,
              pg_catalog.to_regclass('mosaic.copied_schema') IS NOT NULL AS prepared
            FROM (VALUES (1)) AS one
            LEFT JOIN mosaic.shard_map AS m ON true LEFT JOIN mosaic.moving AS v ON v.stem = ?
            """;

    private static final String INDEXED = "SELECT FROM mosaic.copied_schema WHERE section = 'post-data'";

    /** One side, and what it says of its rows. */
    private record Seen(SideFacts side, boolean began, boolean copied, CopyFacts copy, CloneStage stage) {}

    private final SplitShards shards;

    SplitLook(SplitShards shards) {
        this.shards = shards;
    }

    /** A shard that cannot be looked at is not ready; nothing is known of it then. */
    PartFacts part(SplitScene scene, List<MovingTable> tables, String target) throws SQLException {
        @Nullable ShardDatabase source = reachable(scene, scene.record().source());
        @Nullable ShardDatabase to = reachable(scene, target);
        SplitNames names = scene.names(target);
        Seen atSource = seen(scene.record().source(), source, names);
        Seen atTarget = seen(target, to, names);
        source = atSource.side().isReady() ? source : null;
        to = atTarget.side().isReady() ? to : null;
        List<MovingTable> back =
                tables.stream().filter(table -> !table.isReference()).toList();
        StreamFacts forward = facts(names.forward(), source, to, tables);
        StreamFacts reverse = facts(names.reverse(), to, source, back);
        return new PartFacts(
                atSource.side(),
                atTarget.side(),
                new CopyFacts(
                        atTarget.copied(),
                        atTarget.copy().isIndexed(),
                        atTarget.copy().isVerified(),
                        atTarget.copy().verifiedSenderTerm(),
                        atTarget.copy().verifiedReceiverTerm()),
                // Its rows are whole from before its first copy; only one that was begun can be half a one.
                new CopyFacts(
                        !atSource.began() || atSource.copied(),
                        true,
                        atSource.copy().isVerified(),
                        // The columns are named after the split's shards; the way back begins at the target.
                        atSource.copy().verifiedReceiverTerm(),
                        atSource.copy().verifiedSenderTerm()),
                forward,
                reverse,
                stage(scene, target, source, atTarget));
    }

    private static CloneStage stage(SplitScene scene, String target, @Nullable ShardDatabase source, Seen atTarget)
            throws SQLException {
        ShardState state = scene.cluster().getStatus().shards().stream()
                .filter(shard -> shard.name().equals(target))
                .findFirst()
                .orElse(null);
        CloneState clone = state == null ? null : state.clonedFrom();
        if (state == null || clone == null) {
            return CloneStage.NONE;
        }
        if (state.primary() != null) {
            return atTarget.stage();
        }
        if (clone.cut()) {
            return CloneStage.CUT;
        }
        String instance = state.bootstrapInstance();
        String slot = scene.names(target).forward();
        return source != null && instance != null && Followers.isNear(source, instance, slot, SplitPlanner.NEAR_BYTES)
                ? CloneStage.NEAR
                : CloneStage.FOLLOWING;
    }

    /** The position of the sender's log that a whole copy shows, in PostgreSQL's text; null when none was recorded. */
    static @Nullable String copyPosition(ShardDatabase receiver, SplitNames names) throws SQLException {
        try (Connection session = receiver.asSuperuser();
                PreparedStatement statement = session.prepareStatement("SELECT copy_position::text FROM mosaic.moving"
                        + " WHERE stem = ? AND copied_at IS NOT NULL")) {
            statement.setString(1, names.stem());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getString(1) : null;
            }
        }
    }

    private @Nullable ShardDatabase reachable(SplitScene scene, String shard) {
        try {
            return shards.database(scene, shard);
        } catch (NoLoginException notNow) {
            return null;
        }
    }

    private static Seen seen(String shard, @Nullable ShardDatabase database, SplitNames names) {
        Seen unknown =
                new Seen(new SideFacts(shard, false, 0, 0, 0, false), false, false, CopyFacts.none(), CloneStage.NONE);
        if (database == null) {
            return unknown;
        }
        try (Connection session = database.asSuperuser();
                PreparedStatement statement = session.prepareStatement(SIDE)) {
            statement.setString(1, names.stem() + "_d");
            statement.setString(2, shard);
            statement.setString(3, names.stem());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                SideFacts side = new SideFacts(
                        shard,
                        true,
                        database.term(),
                        row.getLong("version"),
                        row.getLong("frozen"),
                        row.getBoolean("held"));
                boolean indexed = row.getBoolean("prepared") && has(session, INDEXED);
                return new Seen(
                        side,
                        row.getBoolean("began"),
                        row.getBoolean("copied"),
                        new CopyFacts(
                                row.getBoolean("copied"),
                                indexed,
                                row.getBoolean("verified"),
                                row.getLong("source_term"),
                                row.getLong("target_term")),
                        row.getBoolean("is_foreign")
                                ? CloneStage.FOREIGN
                                : row.getBoolean("is_pruned") ? CloneStage.PRUNING : CloneStage.NONE);
            }
        } catch (SQLException notNow) {
            return unknown;
        }
    }

    private static boolean has(Connection session, String query) throws SQLException {
        try (PreparedStatement statement = session.prepareStatement(query);
                ResultSet row = statement.executeQuery()) {
            return row.next();
        }
    }

    /** With one side away, what the other has of it is known all the same: it is to be taken away some time. */
    private static StreamFacts facts(
            String name, @Nullable ShardDatabase from, @Nullable ShardDatabase to, List<MovingTable> tables)
            throws SQLException {
        if (from == null || to == null) {
            boolean slot = from != null && has(from, Leftovers.Kind.SLOT, name);
            boolean subscription = to != null && has(to, Leftovers.Kind.SUBSCRIPTION, name);
            return new StreamFacts(slot, false, subscription, false, false, 0, "");
        }
        SplitStream stream = stream(name, from, to, tables);
        StreamFacts found = stream.state().facts();
        if (found.isEnabled() && !found.isFlowing()) {
            stream.followSender();
        }
        return found;
    }

    private static boolean has(ShardDatabase database, Leftovers.Kind kind, String name) throws SQLException {
        return Leftovers.find(database).stream()
                .anyMatch(one -> one.kind() == kind && one.name().equals(name));
    }

    /** Back to the source go no reference tables: they are whole there. */
    static SplitStream stream(String name, ShardDatabase from, ShardDatabase to, List<MovingTable> tables) {
        return new SplitStream(name, from, to, tables, List.of("mosaic." + VerificationSchema.MARKER));
    }
}
