package io.pgmosaic.operator.database;

import io.pgmosaic.api.v1alpha1.cluster.LookupIndexSpec;
import io.pgmosaic.maps.PlacedTable;
import io.pgmosaic.operator.plan.Finding;
import io.pgmosaic.operator.plan.Reason;
import io.pgmosaic.routing.guard.LookupIndex;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Puts the declared lookup indexes on their tables. A value is reserved only while every row that has one is in the index. */
final class LookupIndexes {
    private static final long LOCK_TIMEOUT_MILLIS = 1_000;
    private static final Set<String> TEXTS = Set.of("text", "character varying");

    private final DatabaseIntent intent;
    private final Connections connections;
    private final LookAndChange sessions;

    LookupIndexes(DatabaseIntent intent, Connections connections, LookAndChange sessions) {
        this.intent = intent;
        this.connections = connections;
        this.sessions = sessions;
    }

    /** To be called with the guards in place. Returns what a person should know; empty when every index is complete. */
    List<Finding> ensure() throws SQLException {
        List<Finding> findings = new ArrayList<>();
        for (PlacedTable placed : intent.tables()) {
            for (LookupIndexSpec declared : placed.table().lookupIndexes()) {
                // The guard has said already that a table is missing.
                Optional<TableFacts> facts = TableInspector.inspect(sessions.look(), placed.table());
                if (facts.isPresent()) {
                    ensure(placed, declared, facts.get())
                            .map(problem -> new Finding(
                                    Reason.LOOKUP_INDEX_INCOMPLETE,
                                    intent.shard(),
                                    "lookup index " + declared.name() + ": " + problem))
                            .ifPresent(findings::add);
                }
            }
        }
        return findings;
    }

    private Optional<String> ensure(PlacedTable placed, LookupIndexSpec declared, TableFacts facts)
            throws SQLException {
        String table = placed.table().qualifiedName();
        String column = declared.column();
        if (!facts.kind().equals("r")) {
            return Optional.of(table + " is partitioned; rows that leave with a partition would stay in the index, so"
                    + " only a table in one piece can have one");
        }
        String type = facts.columnTypes().get(column);
        if (type == null || !TEXTS.contains(type)) {
            return Optional.of(
                    type == null
                            ? table + " has no column " + column + "; add it, of type text"
                            : "column " + column + " of " + table + " is " + type + ", and has to be text or varchar");
        }
        LookupIndex index = new LookupIndex(declared.name(), placed.guarded(), column);
        boolean known;
        try (Statement statement = sessions.look().createStatement();
                ResultSet row = statement.executeQuery(index.state())) {
            row.next();
            known = row.getBoolean("known");
            if (row.getBoolean("intact")) {
                return Optional.empty();
            }
        }
        if (!known && hasUnindexed(index)) {
            return Optional.of(table + " has rows with a value in " + column
                    + " already, which nobody would find by it; it was not put on the table. Declare an index while no row"
                    + " has a value: set the column to NULL everywhere, and once the index is there reserve each value"
                    + " and write it again");
        }
        execute(index.install(LOCK_TIMEOUT_MILLIS));
        if (hasUnindexed(index)) {
            return Optional.of(table + " has rows with a value in " + column
                    + " that was never reserved, written while the index was not in force; nothing can be reserved until"
                    + " their column is set to NULL");
        }
        execute(index.complete());
        return Optional.empty();
    }

    /** With the rights of the table's owner, since a query on a user's table may run what the user wrote. */
    private boolean hasUnindexed(LookupIndex index) throws SQLException {
        try (Connection session = connections.owner(
                        intent.database(), Roles.SETUP, intent.passwords().setup());
                Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery(index.unindexed())) {
            row.next();
            return row.getBoolean(1);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = sessions.superuser().createStatement()) {
            statement.execute(sql);
        }
    }
}
