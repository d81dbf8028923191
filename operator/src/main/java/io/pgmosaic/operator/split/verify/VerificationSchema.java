package io.pgmosaic.operator.split.verify;

import io.pgmosaic.routing.guard.SqlText;

/**
 * What comparisons keep in schema {@code mosaic} of both shards: the marker, whose arrival holds up the stream for a moment, and which
 * tables were compared. The publication of a split has {@link #MARKER} in it, without a row filter.
 */
public final class VerificationSchema {
    /** The marker's table, without its schema, {@code mosaic}. */
    public static final String MARKER = "split_marker";

    /** Who waits for a marker holds this advisory lock; {@code %1$s} is its stem and {@code %2$s} its id. */
    private static final String LOCK =
            "hashtextextended((%1$s || ':' || %2$s::text) COLLATE \"C\", 4711903356120778149)";

    private static final String PAUSE = """
            BEGIN
              PERFORM pg_advisory_xact_lock(%s);
              RETURN NEW;
            END
            """.formatted(LOCK.formatted("NEW.stem", "NEW.id"));

    private static final String STEPS = """
            BEGIN
              -- IF NOT EXISTS alone does not keep two sessions from creating the same thing at once.
              PERFORM pg_catalog.pg_advisory_xact_lock(5570193308531903818);
              CREATE TABLE IF NOT EXISTS mosaic.split_marker (
                stem pg_catalog.text NOT NULL,
                id pg_catalog.int8 NOT NULL,
                at pg_catalog.timestamptz NOT NULL DEFAULT pg_catalog.now(),
                PRIMARY KEY (stem, id));
              CREATE TABLE IF NOT EXISTS mosaic.moving_table (
                stem pg_catalog.text NOT NULL,
                table_schema pg_catalog.text NOT NULL,
                table_name pg_catalog.text NOT NULL,
                verified_at pg_catalog.timestamptz NOT NULL DEFAULT pg_catalog.now(),
                rows pg_catalog.int8 NOT NULL,
                position pg_catalog.pg_lsn NOT NULL,
                source_term pg_catalog.int8 NOT NULL,
                target_term pg_catalog.int8 NOT NULL,
                compared pg_catalog.text NOT NULL,
                PRIMARY KEY (stem, table_schema, table_name));
              CREATE OR REPLACE FUNCTION mosaic.pause_at_marker() RETURNS trigger LANGUAGE plpgsql
                SET search_path = pg_catalog, pg_temp AS %s;
              REVOKE ALL ON FUNCTION mosaic.pause_at_marker() FROM PUBLIC;
              -- The stream writes what comes with it as the role that moves rows.
              GRANT USAGE ON SCHEMA mosaic TO mosaic_move;
              GRANT SELECT, INSERT, UPDATE, DELETE ON mosaic.split_marker TO mosaic_move;
              IF NOT EXISTS (SELECT FROM pg_catalog.pg_trigger AS t
                             WHERE t.tgrelid OPERATOR(pg_catalog.=) 'mosaic.split_marker'::pg_catalog.regclass
                               AND t.tgname OPERATOR(pg_catalog.=) 'pause_at_marker'
                               AND t.tgenabled OPERATOR(pg_catalog.=) 'R'::pg_catalog."char") THEN
                DROP TRIGGER IF EXISTS pause_at_marker ON mosaic.split_marker;
                CREATE TRIGGER pause_at_marker BEFORE INSERT ON mosaic.split_marker
                  FOR EACH ROW EXECUTE FUNCTION mosaic.pause_at_marker();
                ALTER TABLE mosaic.split_marker ENABLE REPLICA TRIGGER pause_at_marker;
              END IF;
            END
            """.formatted(SqlText.literal(PAUSE));

    private VerificationSchema() {}

    /**
     * One statement, for the superuser, that creates what is not there and keeps every row. Needs schema {@code mosaic}. To be run on
     * both sides before the publication is made.
     */
    public static String create() {
        return "DO LANGUAGE plpgsql " + SqlText.literal(STEPS);
    }

    /** One statement, for the superuser, that forgets what was compared and marked for a part of a split. */
    public static String forget(String stem) {
        String condition = " WHERE stem OPERATOR(pg_catalog.=) " + SqlText.literal(stem) + ";\n";
        String steps = "BEGIN\n DELETE FROM mosaic.split_marker" + condition + " DELETE FROM mosaic.moving_table"
                + condition + "END";
        return "DO LANGUAGE plpgsql " + SqlText.literal(steps);
    }

    /** The number of the lock that the stream takes on its way past a marker, as an SQL expression. */
    static String lock(String stem, long id) {
        return LOCK.formatted(SqlText.literal(stem), Long.toString(id));
    }
}
