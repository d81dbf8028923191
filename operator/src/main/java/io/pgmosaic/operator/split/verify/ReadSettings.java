package io.pgmosaic.operator.split.verify;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** What a session is told before it reads rows: equal values have equal text on both sides, whatever is set for database or role. */
final class ReadSettings {
    /** In which a reader whose operator is frozen or cut off ends by itself; who waits for longer says so in between. */
    static final int IDLE_SECONDS = 60;

    private static final List<String> SETTINGS = List.of(
            "search_path = pg_catalog",
            "client_encoding = 'UTF8'",
            "DateStyle = 'ISO, YMD'",
            "IntervalStyle = 'postgres'",
            "TimeZone = 'UTC'",
            "extra_float_digits = 3",
            "bytea_output = 'hex'",
            "lc_monetary = 'C'",
            "quote_all_identifiers = off",
            "standard_conforming_strings = on",
            // A policy that would hide rows is an error.
            "row_security = off",
            // One core for each session, and memory for as many sums as there are buckets.
            "max_parallel_workers_per_gather = 0",
            "work_mem = '32MB'",
            "jit = off",
            "lock_timeout = '5s'",
            "statement_timeout = '300s'",
            "idle_in_transaction_session_timeout = '" + IDLE_SECONDS + "s'",
            "client_connection_check_interval = '5s'",
            "tcp_keepalives_idle = 5",
            "tcp_keepalives_interval = 2",
            "tcp_keepalives_count = 5");

    private ReadSettings() {}

    static void apply(Connection session) throws SQLException {
        try (Statement statement = session.createStatement()) {
            statement.execute("SET " + String.join("; SET ", SETTINGS));
        }
    }
}
