package io.pgmosaic.instance.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Size of all databases; looks at every file, so not for every status. */
public final class DatabaseSize {
    private DatabaseSize() {}

    public static long bytes(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT sum(pg_database_size(oid)) FROM pg_database")) {
            row.next();
            return row.getLong(1);
        }
    }
}
