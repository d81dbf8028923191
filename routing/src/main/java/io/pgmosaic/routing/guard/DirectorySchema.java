package io.pgmosaic.routing.guard;

/**
 * What a shard keeps of directories, in schema {@code mosaic}:
 *
 * <ul>
 *   <li>{@code directory}, two rows for each key that is elsewhere than the rule says: one on the shard that owns it by the rule,
 *       its home, which names the shard that has it; and one there, which names the home;
 *   <li>{@code directory_version}, one row: the number of the last change of the shard's entries, as a transaction sees it;
 *   <li>{@code directory_changes}, a sequence: the same as of now, for every transaction, and ahead of it while a change is made;
 *   <li>{@code directory_fence}, a row for each home: attempts of it that are older than this are refused here.
 * </ul>
 */
public final class DirectorySchema {
    /** At home: the key is being given to {@code shard}, and nobody has it. */
    public static final String GIVING = "p";

    /** At home: {@code shard} has the key. */
    public static final String AWAY = "a";

    /** At home: the key is being taken back from {@code shard}, and nobody has it. */
    public static final String RETURNING = "r";

    /** Elsewhere: the key is this shard's. */
    public static final String MINE = "m";

    /** Elsewhere: the key was this shard's. */
    public static final String LEFT = "l";

    /** SQLSTATE of a change that somebody else has overtaken. */
    public static final String OVERTAKEN = "MO004";

    static final String STEPS = """
              CREATE TABLE IF NOT EXISTS mosaic.directory (
                grp text COLLATE "C" NOT NULL,
                region text COLLATE "C" NOT NULL,
                key text COLLATE "C" NOT NULL,
                shard text COLLATE "C" NOT NULL,
                attempt bigint NOT NULL,
                state "char" NOT NULL CHECK (state IN ('p', 'a', 'r', 'm', 'l')),
                PRIMARY KEY (key, grp, region));
              CREATE INDEX IF NOT EXISTS directory_unsettled ON mosaic.directory (state) WHERE state IN ('p', 'r', 'l');
              CREATE TABLE IF NOT EXISTS mosaic.directory_version (
                singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
                version bigint NOT NULL);
              INSERT INTO mosaic.directory_version (version) VALUES (1) ON CONFLICT DO NOTHING;
              CREATE SEQUENCE IF NOT EXISTS mosaic.directory_changes;
              CREATE TABLE IF NOT EXISTS mosaic.directory_fence (
                home text COLLATE "C" PRIMARY KEY,
                attempt bigint NOT NULL);
              CREATE OR REPLACE FUNCTION mosaic.directory_find(grp text, region text, key text)
                RETURNS TABLE (state text, shard text) LANGUAGE sql STABLE SECURITY DEFINER
                SET search_path = pg_catalog, pg_temp
                AS 'SELECT d.state::text, d.shard FROM mosaic.directory AS d
                    WHERE d.key = $3 COLLATE "C" AND d.grp = $1 COLLATE "C" AND d.region = $2 COLLATE "C"';
              REVOKE ALL ON FUNCTION mosaic.directory_find(text, text, text) FROM PUBLIC;
            """;

    private DirectorySchema() {}

    /** How a condition on the key finds the entry; for {@code mosaic.directory AS d}. */
    static String matches(String group, KeySql key) {
        return "d.key OPERATOR(pg_catalog.=) " + key.directoryKey() + " AND d.grp OPERATOR(pg_catalog.=) "
                + SqlText.literal(group) + " AND d.region OPERATOR(pg_catalog.=) "
                + (key.region() == null ? "''" : key.region());
    }

    /**
     * Statements of a function's body that end in a return of what is true of the shard: whether it has the key. It runs as a
     * superuser by the search path of whoever writes, so every function, type and operator names its schema; IS DISTINCT FROM and
     * IN cannot, and are not used.
     */
    static String body(String group, KeySql key, String byRule) {
        return """
                DECLARE h pg_catalog.int8 := %1$s; entry pg_catalog."char"; seen pg_catalog.int8; BEGIN
                IF pg_catalog.current_setting('transaction_isolation') OPERATOR(pg_catalog.=)
                   ANY ('{repeatable read,serializable}'::pg_catalog.text[]) THEN
                  SELECT v.version INTO seen FROM mosaic.directory_version AS v;
                  IF coalesce((SELECT c.last_value FROM mosaic.directory_changes AS c)
                      OPERATOR(pg_catalog.<>) seen, true) THEN
                    RAISE EXCEPTION USING ERRCODE = '40001',
                      MESSAGE = 'could not serialize access: the directory of tenants was changed meanwhile',
                      HINT = 'Retry the transaction.';
                  END IF;
                END IF;
                SELECT d.state INTO entry FROM mosaic.directory AS d WHERE %2$s;
                IF entry IS NULL THEN RETURN %3$s; END IF;
                RETURN entry OPERATOR(pg_catalog.=) '%4$s'::pg_catalog."char"; END
                """.formatted(KeySql.chain(key.types(), key.operands()), matches(group, key), byRule, MINE)
                .replace('\n', ' ');
    }
}
