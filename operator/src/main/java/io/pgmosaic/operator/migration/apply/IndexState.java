package io.pgmosaic.operator.migration.apply;

import io.pgmosaic.operator.migration.sql.Manner;
import io.pgmosaic.routing.guard.SqlText;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** What the catalog says of an index that is made or dropped concurrently. */
enum IndexState {
    ABSENT,
    /** What a try that was broken off has left. */
    INVALID,
    VALID;

    private static final String OF_TABLE = """
            SELECT i.indisvalid AND i.indisready FROM pg_catalog.pg_class AS t
            JOIN pg_catalog.pg_class AS c ON c.relnamespace = t.relnamespace AND c.relname = ?
            JOIN pg_catalog.pg_index AS i ON i.indexrelid = c.oid
            WHERE t.oid = pg_catalog.to_regclass(?)
            """;

    private static final String NAMED =
            "SELECT indisvalid FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass(?)";

    static IndexState of(Connection session, Manner.BuildIndex build) throws SQLException {
        return of(session, OF_TABLE, build.index(), build.table());
    }

    static IndexState of(Connection session, Manner.DropIndex drop) throws SQLException {
        return of(session, NAMED, drop.index());
    }

    private static IndexState of(Connection session, String query, String... names) throws SQLException {
        try (PreparedStatement statement = session.prepareStatement(query)) {
            for (int i = 0; i < names.length; i++) {
                statement.setString(i + 1, names[i]);
            }
            try (ResultSet row = statement.executeQuery()) {
                return !row.next() ? ABSENT : row.getBoolean(1) ? VALID : INVALID;
            }
        }
    }

    /** Drops what is left of an index; one that is valid stays. */
    static void dropInvalid(Connection session, Manner.BuildIndex build) throws SQLException {
        if (of(session, build) != INVALID) {
            return;
        }
        String schema;
        try (PreparedStatement statement =
                session.prepareStatement("SELECT relnamespace::pg_catalog.regnamespace::text FROM pg_catalog.pg_class"
                        + " WHERE oid = pg_catalog.to_regclass(?)")) {
            statement.setString(1, build.table());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                schema = row.getString(1);
            }
        }
        try (Statement statement = session.createStatement()) {
            statement.execute("DROP INDEX CONCURRENTLY IF EXISTS " + schema + "." + SqlText.identifier(build.index()));
        }
    }
}
