package io.pgmosaic.operator.lookup;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;

/** Claims as parameters and columns of statements. */
final class Claims {
    private Claims() {}

    /** Sets the first four parameters: arrays of indexes, values, keys and numbers. */
    static void set(PreparedStatement statement, List<Claim> claims) throws SQLException {
        array(statement, 1, "text", claims, Claim::index);
        array(statement, 2, "text", claims, Claim::value);
        array(statement, 3, "text", claims, Claim::key);
        array(statement, 4, "int8", claims, Claim::number);
    }

    private static void array(
            PreparedStatement statement, int parameter, String type, List<Claim> claims, Function<Claim, Object> part)
            throws SQLException {
        Connection session = statement.getConnection();
        statement.setArray(
                parameter, session.createArrayOf(type, claims.stream().map(part).toArray()));
    }

    static Claim claim(ResultSet row) throws SQLException {
        return new Claim(row.getString("idx"), row.getString("value"), row.getString("key"), row.getLong("number"));
    }
}
