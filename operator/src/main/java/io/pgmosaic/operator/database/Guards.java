package io.pgmosaic.operator.database;

import io.pgmosaic.api.v1alpha1.cluster.TableSpec;
import io.pgmosaic.maps.PlacedTable;
import io.pgmosaic.operator.plan.Finding;
import io.pgmosaic.operator.plan.Reason;
import io.pgmosaic.routing.guard.Guard;
import io.pgmosaic.routing.guard.GuardChange;
import io.pgmosaic.routing.guard.GuardChange.Guarded;
import io.pgmosaic.routing.guard.GuardSchema;
import io.pgmosaic.routing.guard.GuardedTable;
import io.pgmosaic.routing.key.KeyColumn;
import io.pgmosaic.routing.key.KeySchema;
import io.pgmosaic.routing.key.KeyType;
import io.pgmosaic.routing.map.ShardMap;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Puts the guard on the declared tables of a shard, and takes it off those that are no longer declared. */
final class Guards {
    private static final long LOCK_TIMEOUT_MILLIS = 1_000;

    /** Removing a guard needs the table's name only. */
    private static final KeySchema NO_KEY = KeySchema.of(new KeyColumn("key", KeyType.TEXT));

    /** The versions are 0 where there is none. */
    private record State(long version, long frozenVersion, boolean isMoving) {}

    private record Installed(String schema, String table, String checksum, boolean intact) {}

    private final DatabaseIntent intent;
    private final Connections connections;
    private final LookAndChange sessions;
    private final IdentityHashMap<ShardMap, Guard> guards = new IdentityHashMap<>();

    Guards(DatabaseIntent intent, Connections connections, LookAndChange sessions) {
        this.intent = intent;
        this.connections = connections;
        this.sessions = sessions;
    }

    /** Returns what a person should know; empty when every declared table is guarded. */
    List<Finding> ensure() throws SQLException {
        List<Finding> findings = new ArrayList<>();
        Map<String, Installed> installed = installed();
        State state = state();
        // Whoever froze the shard sees to its guards; nothing but a newer version of the map may change them.
        boolean isFrozen = state.version() == intent.map().version() && state.frozenVersion() == state.version();
        boolean isNews = state.version() < intent.map().version();
        List<Guarded> toInstall = new ArrayList<>();
        for (PlacedTable placed : intent.tables()) {
            Guarded wanted = new Guarded(placed.guarded(), guard(placed.map()));
            Installed present = installed.remove(placed.table().qualifiedName());
            if (isPresent(placed, findings) && !isFrozen) {
                boolean isIntact = present != null
                        && present.intact()
                        && present.checksum().equals(wanted.guard().checksum(wanted.table()));
                if (isIntact ? isNews : mayBePut(wanted, placed.table(), state, findings)) {
                    toInstall.add(wanted);
                }
            }
        }
        GuardChange change = new GuardChange(intent.shard(), intent.map().version(), LOCK_TIMEOUT_MILLIS);
        if (isNews || !toInstall.isEmpty()) {
            execute(change.install(toInstall));
        }
        List<GuardedTable> left = installed.values().stream()
                .map(gone -> new GuardedTable(gone.schema(), gone.table(), NO_KEY))
                .toList();
        if (!left.isEmpty() && !isFrozen) {
            execute(change.remove(left));
        }
        return findings;
    }

    /** A shard that is in no placement of a group holds none of its rows. */
    private Guard guard(ShardMap map) {
        return guards.computeIfAbsent(
                map,
                unseen -> map.shards().contains(intent.shard())
                        ? Guard.of(map, intent.shard())
                        : Guard.ofOutsider(map, intent.shard()));
    }

    /**
     * Whether it is there, and as declared; a finding says so otherwise. A shard that holds none of its rows does without it:
     * one that a split has made gets its tables later.
     */
    private boolean isPresent(PlacedTable placed, List<Finding> findings) throws SQLException {
        TableSpec table = placed.table();
        Optional<TableFacts> facts = TableInspector.inspect(sessions.look(), table);
        if (facts.isEmpty()) {
            if (placed.map().shards().contains(intent.shard())) {
                findings.add(new Finding(
                        Reason.TABLE_MISSING,
                        intent.shard(),
                        "table " + table.qualifiedName() + " does not exist; it is guarded as soon as it is created"));
            }
            return false;
        }
        Optional<String> problem = TableCheck.problem(table, facts.get());
        problem.ifPresent(text -> findings.add(new Finding(Reason.GUARD_FAILED, intent.shard(), text)));
        return problem.isEmpty();
    }

    /** Not only for a table without a guard: a cluster made anew over kept volumes may have been given another map. */
    private boolean mayBePut(Guarded wanted, TableSpec table, State state, List<Finding> findings) throws SQLException {
        // While keys move, both sides have rows that are not theirs, or not yet.
        long misplaced = state.isMoving() ? 0 : count(wanted.guard().countMisplaced(wanted.table()));
        if (misplaced > 0) {
            findings.add(new Finding(
                    Reason.GUARD_FAILED,
                    intent.shard(),
                    table.qualifiedName() + " holds " + misplaced
                            + " rows whose key another shard owns; this map's guard was"
                            + " not put on it. Move them to their shards"));
        }
        return misplaced == 0;
    }

    private State state() throws SQLException {
        try (Statement statement = sessions.look().createStatement();
                ResultSet row = statement.executeQuery("SELECT version, frozen_version,"
                        + " EXISTS (SELECT FROM mosaic.moving) AS moving FROM mosaic.shard_map")) {
            return row.next()
                    ? new State(row.getLong("version"), row.getLong("frozen_version"), row.getBoolean("moving"))
                    : new State(0, 0, false);
        }
    }

    private Map<String, Installed> installed() throws SQLException {
        Map<String, Installed> found = new HashMap<>();
        try (Statement statement = sessions.look().createStatement();
                ResultSet row = statement.executeQuery(GuardSchema.INSTALLED)) {
            while (row.next()) {
                Installed one = new Installed(
                        row.getString("table_schema"),
                        row.getString("table_name"),
                        row.getString("checksum"),
                        row.getBoolean("intact"));
                found.put(one.schema() + "." + one.table(), one);
            }
        }
        return found;
    }

    /**
     * Counts in a session of {@code mosaic_setup}, never in the superuser's: planning a query on a user's table evaluates
     * expressions of the user, such as the predicates of partial indexes, with the power of whoever asks.
     */
    private long count(String query) throws SQLException {
        try (Connection session = connections.owner(
                        intent.database(), Roles.SETUP, intent.passwords().setup());
                Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = sessions.superuser().createStatement()) {
            statement.execute(sql);
        }
    }
}
