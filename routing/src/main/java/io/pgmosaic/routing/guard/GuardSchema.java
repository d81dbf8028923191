package io.pgmosaic.routing.guard;

/**
 * What the guard keeps in a shard's database beside the triggers: schema {@code mosaic} with
 *
 * <ul>
 *   <li>{@code shard_map}, one row: which shard this is and the newest map version that it has been told;
 *   <li>{@code guard}, a row for each guarded table: the map version and the checksum of the guard that it has;
 *   <li>{@code refuse_row()}, the triggers' function.
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
            SELECT g.table_schema, g.table_name, g.map_version, g.checksum, (
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

    /** A query for the one row {@code shard}, {@code version}; no row before the first guard change. */
    public static final String MAP = "SELECT shard, version FROM mosaic.shard_map";

    private static final String REFUSE = """
            BEGIN
              RAISE EXCEPTION USING
                ERRCODE = 'MO001',
                MESSAGE = format('%s on table %s refused: shard %s does not own the key in map version %s',
                                 lower(TG_OP), TG_ARGV[0], TG_ARGV[1], TG_ARGV[2]),
                HINT = 'The map that chose this shard is stale or was not asked. Refresh it and retry on the shard that owns the key.',
                SCHEMA = TG_TABLE_SCHEMA,
                TABLE = TG_TABLE_NAME;
            END
            """;

    private static final String STEPS =
            """
              -- IF NOT EXISTS alone does not keep two sessions from creating the same thing at once.
              PERFORM pg_catalog.pg_advisory_xact_lock(5570193308531903818);
              CREATE SCHEMA IF NOT EXISTS mosaic;
              CREATE TABLE IF NOT EXISTS mosaic.shard_map (
                singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
                shard text NOT NULL,
                version bigint NOT NULL CHECK (version >= 0),
                changed_at timestamptz NOT NULL DEFAULT now());
              CREATE TABLE IF NOT EXISTS mosaic.guard (
                table_schema text NOT NULL,
                table_name text NOT NULL,
                map_version bigint NOT NULL,
                checksum text NOT NULL,
                installed_at timestamptz NOT NULL DEFAULT now(),
                PRIMARY KEY (table_schema, table_name));
              CREATE OR REPLACE FUNCTION mosaic.refuse_row() RETURNS trigger LANGUAGE plpgsql
                SET search_path = pg_catalog, pg_temp AS
            """ + SqlText.literal(REFUSE) + ";\n" + DirectorySchema.STEPS + LookupSchema.STEPS;

    private GuardSchema() {}

    /** Creates what is not there and brings the rest up to date; keeps every row. */
    public static String create(long lockTimeoutMillis) {
        return Script.of(lockTimeoutMillis, STEPS);
    }
}
