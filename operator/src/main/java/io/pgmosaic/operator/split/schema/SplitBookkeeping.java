package io.pgmosaic.operator.split.schema;

import io.pgmosaic.operator.split.ShardDatabase;
import io.pgmosaic.routing.guard.SqlText;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * What a split keeps in the databases of its shards beside {@code mosaic.moving}: the functions by which the roles that make objects
 * and move rows record what they did in the transaction in which they do it, and those that refuse what must not happen meanwhile.
 */
public final class SplitBookkeeping {
    /** SQLSTATE of a change of the schema while a split runs. */
    public static final String SPLIT_RUNS = "MO007";

    /** SQLSTATE of rows that must not be replaced: somebody else may have written or be writing them. */
    public static final String NOT_REPLACEABLE = "MO006";

    private static final String TRUSTED = " SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS ";

    private static final String TABLES = """
            CREATE TABLE IF NOT EXISTS mosaic.copied_schema (
              section text PRIMARY KEY,
              stem text NOT NULL,
              at timestamptz NOT NULL DEFAULT pg_catalog.now());
            CREATE TABLE IF NOT EXISTS mosaic.copied_guard (stem text PRIMARY KEY, statement text NOT NULL);
            """;

    private static final String SCHEMA_COPIED = """
            BEGIN
              INSERT INTO mosaic.copied_schema (section, stem) VALUES ($1, $2);
              IF $3 IS NOT NULL THEN
                INSERT INTO mosaic.init_sql (checksum, finished) VALUES ($3, true) ON CONFLICT DO NOTHING;
              END IF;
              INSERT INTO mosaic.schema_migrations
                SELECT * FROM jsonb_populate_recordset(NULL::mosaic.schema_migrations, $4) ON CONFLICT DO NOTHING;
              INSERT INTO mosaic.backfills
                SELECT * FROM jsonb_populate_recordset(NULL::mosaic.backfills, $5) ON CONFLICT DO NOTHING;
            END
            """;

    /** Of what the superuser has left for it, so that whoever calls it can have nothing else done. */
    private static final String GUARD_COPIED = """
            DECLARE
              wanted text;
            BEGIN
              DELETE FROM mosaic.copied_guard AS g WHERE g.stem = $1 RETURNING g.statement INTO STRICT wanted;
              EXECUTE wanted;
            END
            """;

    /**
     * The lock on the map's row keeps guard changes out until the transaction ends, that on the split's row keeps out sealing and
     * another copy, and waits for the tables that another copy is writing.
     */
    private static final String BEGIN_COPY = """
            DECLARE
              present bigint;
              frozen bigint;
              sealed bigint;
              began timestamptz := clock_timestamp();
            BEGIN
              SELECT m.version, (to_jsonb(m) ->> 'frozen_version')::bigint INTO present, frozen
                FROM mosaic.shard_map AS m FOR UPDATE;
              IF present <> $3 THEN
                RAISE EXCEPTION USING ERRCODE = 'MO006', MESSAGE = format(
                  'rows are not replaced: the shard is at map version %s, the copy is for version %s', present, $3);
              END IF;
              IF frozen = present THEN
                RAISE EXCEPTION USING ERRCODE = 'MO006', MESSAGE = 'rows are not replaced on the shard that owns them';
              END IF;
              INSERT INTO mosaic.moving AS m (stem, split) VALUES ($1, $2) ON CONFLICT DO NOTHING;
              SELECT m.sealed_version INTO sealed FROM mosaic.moving AS m WHERE m.stem = $1 FOR UPDATE;
              IF sealed >= coalesce(present, $3) THEN
                RAISE EXCEPTION USING ERRCODE = 'MO006', MESSAGE = format(
                  'rows are not replaced: they are sealed in map version %s, and the shard may own them already', sealed);
              END IF;
              UPDATE mosaic.moving AS m SET copy_began_at = began, copied_at = NULL, copy_position = NULL,
                  copy_source_term = NULL, copy_target_term = NULL, verified_at = NULL, verified_position = NULL,
                  verified_source_term = NULL, verified_target_term = NULL
                WHERE m.stem = $1;
              RETURN began;
            END
            """;

    private static final String GO_ON_COPY = """
            BEGIN
              PERFORM FROM mosaic.moving AS m WHERE m.stem = $1 AND m.copy_began_at = $2 AND m.copied_at IS NULL FOR SHARE;
              IF NOT FOUND THEN
                RAISE EXCEPTION USING ERRCODE = 'MO006', MESSAGE = 'another copy has begun since this one did';
              END IF;
            END
            """;

    private static final String END_COPY = """
            BEGIN
              UPDATE mosaic.moving AS m SET copied_at = clock_timestamp(), copy_position = $3,
                  copy_source_term = $4, copy_target_term = $5
                WHERE m.stem = $1 AND m.copy_began_at = $2 AND m.copied_at IS NULL;
              IF NOT FOUND THEN
                RAISE EXCEPTION USING ERRCODE = 'MO006', MESSAGE = 'another copy has begun since this one did';
              END IF;
            END
            """;

    /** The lock on the map's row keeps guard changes out until the transaction ends. */
    private static final String GO_ON_PRUNE = """
            DECLARE
              present bigint;
            BEGIN
              SELECT m.version INTO present FROM mosaic.shard_map AS m FOR SHARE;
              IF present IS DISTINCT FROM $1 THEN
                RAISE EXCEPTION USING ERRCODE = 'MO006', MESSAGE = format(
                  'rows are not taken away by map version %s: the shard is at map version %s', $1, present);
              END IF;
            END
            """;

    private SplitBookkeeping() {}

    /**
     * Keeps the shard at this version of the map until the open transaction ends.
     *
     * @throws SQLException with SQLSTATE {@link #NOT_REPLACEABLE} when it has another one: what was to be taken away by this version
     *     may be the shard's own by that one
     */
    public static void goOnPruning(Connection mover, long version) throws SQLException {
        try (PreparedStatement statement = mover.prepareStatement("SELECT mosaic.go_on_prune(?)")) {
            statement.setLong(1, version);
            statement.execute();
        }
    }

    /** Creates what is not there and brings the rest up to date. Presupposes the schema that the guard keeps. */
    public static void ensure(ShardDatabase database) throws SQLException {
        String owner = SqlText.identifier(database.owner());
        try (Connection superuser = database.asSuperuser();
                Statement statement = superuser.createStatement()) {
            superuser.setAutoCommit(false);
            // IF NOT EXISTS alone does not keep two sessions from creating the same thing at once.
            statement.execute("SELECT pg_catalog.pg_advisory_xact_lock(5570193308531903818)");
            statement.execute(TABLES
                    + function("schema_copied(text, text, text, jsonb, jsonb)", "void", TRUSTED, SCHEMA_COPIED, owner)
                    + function("guard_copied(text)", "void", TRUSTED, GUARD_COPIED, owner)
                    + function("begin_copy(text, text, bigint)", "timestamptz", TRUSTED, BEGIN_COPY, "mosaic_move")
                    + function("go_on_copy(text, timestamptz)", "void", TRUSTED, GO_ON_COPY, "mosaic_move")
                    + function(
                            "end_copy(text, timestamptz, pg_catalog.pg_lsn, bigint, bigint)",
                            "void",
                            TRUSTED,
                            END_COPY,
                            "mosaic_move")
                    + function("go_on_prune(bigint)", "void", TRUSTED, GO_ON_PRUNE, "mosaic_move")
                    + DdlRefusal.FUNCTIONS
                    + "GRANT USAGE ON SCHEMA mosaic TO mosaic_move, " + owner + ";");
            superuser.commit();
        }
    }

    private static String function(String signature, String returns, String settings, String body, String role) {
        return "CREATE OR REPLACE FUNCTION mosaic." + signature + " RETURNS " + returns + " LANGUAGE plpgsql" + settings
                + SqlText.literal(body) + ";\nREVOKE ALL ON FUNCTION mosaic." + signature
                + " FROM PUBLIC;\nGRANT EXECUTE ON FUNCTION mosaic." + signature + " TO " + role + ";\n";
    }
}
