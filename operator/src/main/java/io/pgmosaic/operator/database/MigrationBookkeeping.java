package io.pgmosaic.operator.database;

import io.pgmosaic.routing.guard.SqlText;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** The tables and functions in which a shard's database keeps what has run. The owner can write them by the functions alone. */
public final class MigrationBookkeeping {
    /** SQLSTATE of a record that is not as it must be: a step forward after one back, or one that is gone or done by another. */
    public static final String NOT_IN_ORDER = "MO011";

    /**
     * {@code done_at} is null of a statement that runs alone and was begun. Of a backfill there is one row, and one of its place;
     * {@code last_key} is the last key of the table's order that is done.
     */
    private static final String TABLES = """
            CREATE TABLE IF NOT EXISTS mosaic.schema_migrations (
              migration text NOT NULL,
              step text NOT NULL,
              statement int NOT NULL,
              name text NOT NULL,
              checksum text NOT NULL,
              term bigint NOT NULL,
              begun_at timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
              done_at timestamptz,
              PRIMARY KEY (migration, step, statement));
            CREATE TABLE IF NOT EXISTS mosaic.backfills (
              migration text PRIMARY KEY,
              last_key text[],
              rows_done bigint NOT NULL DEFAULT 0,
              rows_total bigint NOT NULL);
            """;

    /** What goes forward holds a lock that a step back waits for, and looks for such a step when it has it. */
    private static final String STATEMENT_BEGINS = """
            BEGIN
              IF $2 = 'undo' THEN
                LOCK TABLE mosaic.schema_migrations IN SHARE ROW EXCLUSIVE MODE;
              ELSE
                LOCK TABLE mosaic.schema_migrations IN ROW EXCLUSIVE MODE;
              END IF;
              IF $2 <> 'undo' AND EXISTS (SELECT FROM mosaic.schema_migrations AS m WHERE m.migration = $1 AND m.step = 'undo') THEN
                RAISE EXCEPTION USING ERRCODE = 'MO011', MESSAGE = format(
                  'SchemaMigration %s is rolled back on this shard, and goes no step forward', $4);
              END IF;
              INSERT INTO mosaic.schema_migrations (migration, step, statement, name, checksum, term)
                VALUES ($1, $2, $3, $4, $5, $6);
            END
            """;

    private static final String STATEMENT_DONE = """
            BEGIN
              UPDATE mosaic.schema_migrations AS m SET done_at = clock_timestamp(), term = $4
                WHERE m.migration = $1 AND m.step = $2 AND m.statement = $3 AND m.done_at IS NULL;
              IF NOT FOUND THEN
                RAISE EXCEPTION USING ERRCODE = 'MO011', MESSAGE = 'the record that the statement began is gone, or done';
              END IF;
            END
            """;

    /** A statement that failed for good was not run; whoever changes the text may try that one. */
    private static final String STATEMENT_FAILED = """
            BEGIN
              DELETE FROM mosaic.schema_migrations AS m
                WHERE m.migration = $1 AND m.step = $2 AND m.statement = $3 AND m.done_at IS NULL;
            END
            """;

    private static final String BACKFILL_BEGINS = """
            BEGIN
              INSERT INTO mosaic.backfills (migration, rows_total) VALUES ($1, $2) ON CONFLICT DO NOTHING;
            END
            """;

    /** The place is compared, so that of two that fill the same rows one is refused, with all it did. */
    private static final String BACKFILL_GOES_ON = """
            BEGIN
              IF NOT EXISTS (SELECT FROM mosaic.schema_migrations AS m
                             WHERE m.migration = $1 AND m.step = 'backfill' AND m.done_at IS NULL)
                 OR EXISTS (SELECT FROM mosaic.schema_migrations AS m WHERE m.migration = $1 AND m.step = 'undo') THEN
                RAISE EXCEPTION USING ERRCODE = 'MO011', MESSAGE = 'the backfill is done, or taken back';
              END IF;
              UPDATE mosaic.backfills AS b SET last_key = $3, rows_done = b.rows_done + $4
                WHERE b.migration = $1 AND b.last_key IS NOT DISTINCT FROM $2;
              IF NOT FOUND THEN
                RAISE EXCEPTION USING ERRCODE = 'MO011', MESSAGE = 'somebody else has filled these rows';
              END IF;
            END
            """;

    /** The owner sees what sessions of other roles do by this alone. */
    private static final String ACTIVE_SESSIONS = """
            BEGIN
              RETURN (SELECT count(*) FROM pg_stat_activity
                      WHERE state = 'active' AND backend_type = 'client backend' AND pid <> pg_backend_pid());
            END
            """;

    private MigrationBookkeeping() {}

    /** @param owner quoted */
    static void create(Connection superuser, String owner) throws SQLException {
        try (Statement statement = superuser.createStatement()) {
            statement.execute(TABLES
                    + function("statement_begins(text, text, int, text, text, bigint)", STATEMENT_BEGINS, owner)
                    + function("statement_done(text, text, int, bigint)", STATEMENT_DONE, owner)
                    + function("statement_failed(text, text, int)", STATEMENT_FAILED, owner)
                    + function("backfill_begins(text, bigint)", BACKFILL_BEGINS, owner)
                    + function("backfill_goes_on(text, text[], text[], bigint)", BACKFILL_GOES_ON, owner)
                    + function("active_sessions()", "int", ACTIVE_SESSIONS, owner)
                    + "GRANT SELECT ON mosaic.schema_migrations, mosaic.backfills TO " + Roles.MONITOR + ", " + owner);
        }
    }

    private static String function(String signature, String body, String owner) {
        return function(signature, "void", body, owner);
    }

    private static String function(String signature, String result, String body, String owner) {
        return "CREATE OR REPLACE FUNCTION mosaic." + signature + " RETURNS " + result + " LANGUAGE plpgsql"
                + " SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS " + SqlText.literal(body)
                + ";\nREVOKE ALL ON FUNCTION mosaic." + signature
                + " FROM PUBLIC;\nGRANT EXECUTE ON FUNCTION mosaic." + signature + " TO " + owner + ";\n";
    }
}
