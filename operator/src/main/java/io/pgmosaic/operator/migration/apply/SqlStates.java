package io.pgmosaic.operator.migration.apply;

import java.sql.SQLException;
import java.util.Set;

/** What the server's errors say about what to do next. */
public final class SqlStates {
    static final String UNIQUE_VIOLATION = "23505";
    static final String NOT_IN_A_TRANSACTION = "25001";

    /** Lock not available, deadlock, serialization failure: nothing is wrong with the statement. */
    private static final Set<String> CONTENDED = Set.of("55P03", "40P01", "40001");

    /** A changed schema is refused by a split, a step by a later one, and a bookkeeping that is not there yet by its absence. */
    private static final Set<String> NOT_NOW = Set.of("MO007", "MO011");

    private SqlStates() {}

    public static boolean isContended(SQLException e) {
        return CONTENDED.contains(state(e));
    }

    public static boolean isNotNow(SQLException e) {
        return NOT_NOW.contains(state(e));
    }

    /** Whether the session is gone, so that nobody knows what became of its last statement. */
    public static boolean isLost(SQLException e) {
        String state = state(e);
        return state.isEmpty() || state.startsWith("08") || state.startsWith("57P") || state.startsWith("58");
    }

    static String state(SQLException e) {
        return e.getSQLState() == null ? "" : e.getSQLState();
    }
}
