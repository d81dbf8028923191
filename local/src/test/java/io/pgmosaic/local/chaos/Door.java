package io.pgmosaic.local.chaos;

import io.pgmosaic.checker.accounts.AccountChange;
import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.SQLException;

/** A way to the row of a key. */
interface Door {
    /** One transaction. May be done several times, of which one at most is committed. */
    @FunctionalInterface
    interface Work {
        AccountChange run(Connection connection) throws SQLException;
    }

    /** What whoever asked for a transaction knows of it. */
    enum Outcome {
        ACKNOWLEDGED,
        /** It has not been done and never will be. */
        REFUSED,
        /** It may have been done. */
        UNKNOWN
    }

    /**
     * What came of a transaction.
     *
     * @param change of the last time that its work was done to its end; null when that never was
     * @param problem what its caller was told; null when all is well
     */
    record Result(
            Outcome outcome,
            @Nullable AccountChange change,
            @Nullable Exception problem) {}

    Result transact(long key, Work work);
}
