package io.pgmosaic.routing.guard;

/**
 * What the guard keeps in a shard's database beside the triggers: schema {@code mosaic} with
 *
 * <ul>
 *   <li>{@code shard_map}, one row: which shard this is, the newest map version that it has been told, and the version in which
 *       it was frozen last;
 *   <li>{@code guard}, a row for each guarded table: the map version and the checksum of the guard that it has, and whether that
 *       is frozen;
 *   <li>{@code refuse_row()} and {@code refuse_moving_row()}, the triggers' functions;
 *   <li>{@code moving}, a row for each part of a split that this shard takes part in.
 * </ul>
 *
 * They are in the shard's log like any row, so a new primary has exactly the guard that its data was written under.
 */
public final class GuardSchema {
    /** SQLSTATE of a row that the shard does not own. */
    public static final String NOT_OWNED = "MO001";

    /** SQLSTATE of a guard change that implements an older map than the shard has seen. */
    public static final String OLDER_MAP = "MO002";

    /** SQLSTATE of a guard change that is meant for another shard. */
    public static final String OTHER_SHARD = "MO003";

    /**
     * A query for the guards as they are: {@code table_schema}, {@code table_name}, {@code map_version}, {@code checksum}
     * and {@code intact}, false when the table is gone or lacks one of the triggers or has it disabled.
     */
    public static final String INSTALLED =
            """
            SELECT g.table_schema, g.table_name, g.map_version, g.checksum, g.frozen, (
                SELECT pg_catalog.count(*) OPERATOR(pg_catalog.=) %d
                FROM pg_catalog.pg_trigger AS t
                JOIN pg_catalog.pg_class AS c ON c.oid OPERATOR(pg_catalog.=) t.tgrelid
                JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
                WHERE n.nspname::pg_catalog.text OPERATOR(pg_catalog.=) g.table_schema
                  AND c.relname::pg_catalog.text OPERATOR(pg_catalog.=) g.table_name
                  AND t.tgname::pg_catalog.text OPERATOR(pg_catalog.=) ANY (ARRAY['%s'])
                  AND t.tgenabled OPERATOR(pg_catalog.=) 'O'::pg_catalog."char") AS intact
            FROM mosaic.guard AS g
            """.formatted(TableGuard.TRIGGERS.size(), String.join("', '", TableGuard.TRIGGERS));

    /**
     * A query for the one row {@code shard}, {@code version}, {@code frozen_version}; no row before the first guard change.
     * The shard is frozen while the last two are equal.
     */
    public static final String MAP = "SELECT shard, version, frozen_version FROM mosaic.shard_map";

    /**
     * It runs as its owner to read the version that the table's guard implements: a trigger that names it would have to be made
     * anew, under lock, with each version. Those of earlier releases name it as their third argument.
     */
    private static final String REFUSE = """
            BEGIN
              RAISE EXCEPTION USING
                ERRCODE = 'MO001',
                MESSAGE = format('%s on table %s refused: shard %s does not own the key in map version %s',
                                 lower(TG_OP), TG_ARGV[0], TG_ARGV[1],
                                 CASE WHEN TG_NARGS = 3 THEN TG_ARGV[2] ELSE
                                   (SELECT g.map_version::text FROM mosaic.guard AS g
                                    WHERE g.table_schema = TG_ARGV[2] AND g.table_name = TG_ARGV[3]) END),
                HINT = 'The map that chose this shard is stale or was not asked. Refresh it and retry on the shard that owns the key.',
                SCHEMA = TG_TABLE_SCHEMA,
                TABLE = TG_TABLE_NAME;
            END
            """;

    /** It names no version: the map that chose the shard is not stale, and the next one is not there yet. */
    private static final String REFUSE_MOVING = """
            BEGIN
              RAISE EXCEPTION USING
                ERRCODE = 'MO001',
                MESSAGE = format('%s on table %s refused: shard %s does not take the key while keys are moving from it to another'
                                 ' shard; it is accepted there, or here again, in a moment',
                                 lower(TG_OP), TG_ARGV[0], TG_ARGV[1]),
                HINT = 'Retry shortly, on the shard that owns the key by then.',
                SCHEMA = TG_TABLE_SCHEMA,
                TABLE = TG_TABLE_NAME;
            END
            """;

    private static final String STEPS = """
              -- IF NOT EXISTS alone does not keep two sessions from creating the same thing at once.
              PERFORM pg_catalog.pg_advisory_xact_lock(5570193308531903818);
              CREATE SCHEMA IF NOT EXISTS mosaic;
              CREATE TABLE IF NOT EXISTS mosaic.shard_map (
                singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
                shard text NOT NULL,
                version bigint NOT NULL CHECK (version >= 0),
                changed_at timestamptz NOT NULL DEFAULT now());
            """ + column("shard_map", "frozen_version bigint") + """
              CREATE TABLE IF NOT EXISTS mosaic.guard (
                table_schema text NOT NULL,
                table_name text NOT NULL,
                map_version bigint NOT NULL,
                checksum text NOT NULL,
                installed_at timestamptz NOT NULL DEFAULT now(),
                PRIMARY KEY (table_schema, table_name));
            """
            + column("guard", "frozen boolean NOT NULL DEFAULT false") + """
              CREATE OR REPLACE FUNCTION mosaic.refuse_row() RETURNS trigger LANGUAGE plpgsql
                SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
            """ + SqlText.literal(REFUSE) + """
            ;
              CREATE OR REPLACE FUNCTION mosaic.refuse_moving_row() RETURNS trigger LANGUAGE plpgsql
                SET search_path = pg_catalog, pg_temp AS
            """
            + SqlText.literal(REFUSE_MOVING) + ";\n" + DirectorySchema.STEPS + LookupSchema.STEPS
            + MovingSchema.STEPS;

    private GuardSchema() {}

    /** Adds what earlier releases did not have. ADD COLUMN IF NOT EXISTS would lock the table also when there is nothing to do. */
    private static String column(String table, String column) {
        String name = column.substring(0, column.indexOf(' '));
        return """
                IF NOT EXISTS (SELECT FROM pg_attribute
                               WHERE attrelid = 'mosaic.%1$s'::regclass AND attname = '%2$s') THEN
                  ALTER TABLE mosaic.%1$s ADD COLUMN %3$s;
                END IF;
              """.formatted(table, name, column);
    }

    /** Creates what is not there and brings the rest up to date; keeps every row. */
    public static String create(long lockTimeoutMillis) {
        return Script.of(lockTimeoutMillis, STEPS);
    }
}
