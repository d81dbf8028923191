package io.pgmosaic.routing.guard;

/**
 * What a shard keeps of lookup indexes, in schema {@code mosaic}. An index finds the sharding key of a row by another of its columns.
 *
 * <ul>
 *   <li>{@code lookup_entries}, on the shard that owns the value: which key has it. A table that is sharded by {@code value};
 *   <li>{@code lookup_held}, on the shard that owns the key: which values its rows have, and which reservations are void;
 *   <li>{@code lookup_index}, a row for each index, and {@code lookup_secret}, by which tickets are signed.
 * </ul>
 *
 * <p>A value is reserved before a row with it is written: {@code lookup_reserve} commits the entry, {@code lookup_ticket} gives a ticket
 * for a committed one, and the table's trigger takes no value without a ticket. So a row that is there is found, whoever fails when.
 */
public final class LookupSchema {
    /** SQLSTATE of a row whose value was not reserved for its key, or whose ticket is over. */
    public static final String NOT_RESERVED = "MO005";

    /** The table of entries: {@link #SCHEMA}, this name, sharded by {@link #VALUE}. */
    public static final String ENTRIES = "lookup_entries";

    public static final String SCHEMA = "mosaic";
    public static final String VALUE = "value";

    /** The setting in which a transaction shows its tickets, separated by spaces. */
    public static final String TICKETS = "mosaic.tickets";

    /** In UTF-8: more has no place in an index of PostgreSQL. */
    public static final int MOST_BYTES = 1_000;

    /** For so long a ticket is good. */
    public static final int TICKET_SECONDS = 300;

    /** In {@code lookup_held}: a row has the value. */
    public static final String HELD = "h";

    /** In {@code lookup_held}: the row is gone, and the entry is to go as well. */
    public static final String FREE = "f";

    /** In {@code lookup_held}: no reservation up to this number may be used any more. */
    public static final String VOID = "v";

    /** Sets what signs tickets; the parameter is the secret. */
    public static final String KEEP_SECRET = "INSERT INTO mosaic.lookup_secret AS s (secret) VALUES (?)"
            + " ON CONFLICT (singleton) DO UPDATE SET secret = EXCLUDED.secret"
            + " WHERE s.secret OPERATOR(pg_catalog.<>) EXCLUDED.secret";

    /**
     * Has no reservation up to a number be used any more, unless a row uses it already; waits for those that are being written. Parameters:
     * arrays of {@code idx}, {@code value}, {@code key} and {@code number}. Gives {@code idx}, {@code value}, {@code key} and what the
     * {@code state} is then: {@link #HELD} or {@link #VOID}. For a session in autocommit, on the shard that owns the key.
     */
    public static final String SETTLE = """
            INSERT INTO mosaic.lookup_held AS h (idx, value, key, number, state, changed_at)
            SELECT i, v, k, n, 'v', pg_catalog.clock_timestamp() FROM ROWS FROM (pg_catalog.unnest(?::text[]),
                pg_catalog.unnest(?::text[]), pg_catalog.unnest(?::text[]), pg_catalog.unnest(?::int8[])) AS given (i, v, k, n)
            ORDER BY v, k, i
            ON CONFLICT ON CONSTRAINT lookup_held_pkey DO UPDATE
            SET number = greatest(h.number, EXCLUDED.number), changed_at = EXCLUDED.changed_at,
                state = CASE WHEN h.state = 'h' THEN h.state ELSE 'v' END
            RETURNING idx, value, key, state::text
            """;

    /** The settings of a function that acts with more rights than its caller. */
    private static final String TRUSTED = " SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS ";

    private static final String INTERNAL = " SET search_path = pg_catalog, pg_temp AS ";

    private static final String RESERVE = """
            DECLARE
              now_micros int8 := floor(extract(epoch FROM clock_timestamp()) * 1000000)::int8;
            BEGIN
              IF NOT EXISTS (SELECT FROM mosaic.lookup_index AS i WHERE i.idx = lookup_reserve.idx AND i.complete) THEN
                RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = format('there is no lookup index %%s, or it is not complete', idx),
                  HINT = 'Indexes are declared with their tables in the ShardedCluster, whose conditions tell what is missing.';
              END IF;
              IF value IS NULL OR value = '' OR octet_length(value) > %1$d OR key IS NULL OR key = ''
                 OR octet_length(key) > %1$d OR shard IS NULL THEN
                RAISE EXCEPTION USING ERRCODE = '22023', MESSAGE = format(
                  'the value and the key of lookup index %%s have 1 to %1$d bytes, and a shard is named', idx);
              END IF;
              INSERT INTO mosaic.lookup_entries AS e (idx, value, key, shard, number, settled, reserved_at)
                VALUES (idx, value, key, shard, now_micros, false, clock_timestamp())
                ON CONFLICT ON CONSTRAINT lookup_entries_pkey DO UPDATE
                SET number = greatest(e.number + 1, EXCLUDED.number), shard = EXCLUDED.shard, settled = false,
                    reserved_at = EXCLUDED.reserved_at
                WHERE e.key = EXCLUDED.key;
              reserved := FOUND;
              SELECT e.key INTO holder FROM mosaic.lookup_entries AS e
                WHERE e.idx = lookup_reserve.idx AND e.value = lookup_reserve.value;
              RETURN NEXT;
            END
            """.formatted(MOST_BYTES);

    private static final String TICKET = """
            DECLARE
              reserved int8;
              until int8 := floor(extract(epoch FROM clock_timestamp()))::int8 + %d;
            BEGIN
              IF pg_current_xact_id_if_assigned() IS NOT NULL OR pg_is_in_recovery() THEN
                RAISE EXCEPTION USING ERRCODE = '25001',
                  MESSAGE = 'a ticket is given for a reservation that is committed',
                  HINT = 'Commit it, and ask for the ticket in the next transaction, on the primary.';
              END IF;
              SELECT e.number INTO reserved FROM mosaic.lookup_entries AS e
                WHERE e.idx = lookup_ticket.idx AND e.value = lookup_ticket.value AND e.key = lookup_ticket.key
                  AND e.shard = lookup_ticket.shard;
              IF reserved IS NULL THEN
                RAISE EXCEPTION USING ERRCODE = 'MO005',
                  MESSAGE = format('a value of lookup index %%s is not reserved for this key and shard', idx),
                  HINT = 'Reserve it with mosaic.lookup_reserve, and commit.';
              END IF;
              RETURN reserved::text || '.' || until::text || '.'
                || mosaic.lookup_signature(idx, value, key, shard, reserved, until);
            END
            """.formatted(TICKET_SECONDS);

    /** Lengths stand before the texts, so that no two tickets are for the same text. */
    private static final String SIGNATURE = """
            SELECT encode(sha256(s.secret || sha256(s.secret || convert_to(
                char_length(idx) || ':' || idx || char_length(value) || ':' || value || char_length(key) || ':' || key
                || char_length(shard) || ':' || shard || number || ':' || until, 'UTF8'))), 'hex')
              FROM mosaic.lookup_secret AS s
            """;

    private static final String SHOWN = """
            DECLARE
              this text := (SELECT m.shard FROM mosaic.shard_map AS m);
              ticket text;
              part text[];
              best int8;
              expired boolean := false;
            BEGIN
              FOREACH ticket IN ARRAY string_to_array(coalesce(current_setting('mosaic.tickets', true), ''), ' ') LOOP
                part := regexp_match(ticket, '^([0-9]{1,18})\\.([0-9]{1,18})\\.([0-9a-f]{64})$');
                IF part IS NOT NULL
                   AND part[3] = mosaic.lookup_signature(idx, value, key, this, part[1]::int8, part[2]::int8) THEN
                  IF part[2]::int8 >= extract(epoch FROM clock_timestamp()) THEN
                    best := greatest(best, part[1]::int8);
                  ELSE
                    expired := true;
                  END IF;
                END IF;
              END LOOP;
              IF best IS NULL THEN
                RAISE EXCEPTION USING ERRCODE = 'MO005',
                  MESSAGE = format(CASE WHEN expired THEN 'the ticket for a value of lookup index %s has expired'
                                   ELSE 'a value of lookup index %s is not reserved for the row''s key on this shard' END, idx),
                  HINT = 'Reserve it on the shard that owns the value, and show the ticket: SET LOCAL mosaic.tickets = ''...''.';
              END IF;
              RETURN best;
            END
            """;

    private static final String CHANGE = """
            DECLARE
              reserved int8;
            BEGIN
              IF was_value = is_value AND was_key = is_key THEN
                RETURN;
              END IF;
              IF was_value IS NOT NULL AND was_key IS NOT NULL THEN
                UPDATE mosaic.lookup_held AS h SET state = 'f', changed_at = clock_timestamp()
                  WHERE h.idx = lookup_change.idx AND h.value = was_value AND h.key = was_key AND h.state = 'h';
              END IF;
              IF is_value IS NULL OR is_key IS NULL THEN
                RETURN;
              END IF;
              reserved := mosaic.lookup_shown(idx, is_value, is_key);
              INSERT INTO mosaic.lookup_held AS h (idx, value, key, number, state, changed_at)
                VALUES (idx, is_value, is_key, reserved, 'h', clock_timestamp())
                ON CONFLICT ON CONSTRAINT lookup_held_pkey DO UPDATE
                SET number = EXCLUDED.number, state = 'h', changed_at = EXCLUDED.changed_at
                WHERE h.state <> 'h' AND h.number < EXCLUDED.number;
              IF FOUND THEN
                RETURN;
              END IF;
              IF EXISTS (SELECT FROM mosaic.lookup_held AS h
                         WHERE h.idx = lookup_change.idx AND h.value = is_value AND h.key = is_key AND h.state = 'h') THEN
                RAISE EXCEPTION USING ERRCODE = '23505',
                  MESSAGE = format('another row has this value of lookup index %s', idx), CONSTRAINT = idx;
              END IF;
              RAISE EXCEPTION USING ERRCODE = 'MO005',
                MESSAGE = format('the reservation of a value of lookup index %s was used already or is void', idx),
                HINT = 'Reserve it anew.';
            END
            """;

    private static final String EMPTIED = """
            BEGIN
              UPDATE mosaic.lookup_held AS h SET state = 'f', changed_at = clock_timestamp()
                WHERE h.idx = TG_ARGV[0] AND h.state = 'h';
              RETURN NULL;
            END
            """;

    static final String STEPS = """
              CREATE TABLE IF NOT EXISTS mosaic.lookup_index (
                idx text COLLATE "C" PRIMARY KEY,
                table_schema text NOT NULL,
                table_name text NOT NULL,
                checksum text NOT NULL,
                complete boolean NOT NULL);
              CREATE TABLE IF NOT EXISTS mosaic.lookup_secret (
                singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
                secret bytea NOT NULL);
              CREATE TABLE IF NOT EXISTS mosaic.lookup_entries (
                idx text COLLATE "C" NOT NULL,
                value text COLLATE "C" NOT NULL,
                key text COLLATE "C" NOT NULL,
                shard text COLLATE "C" NOT NULL,
                number bigint NOT NULL,
                settled boolean NOT NULL,
                reserved_at timestamptz NOT NULL,
                PRIMARY KEY (value, idx));
              CREATE INDEX IF NOT EXISTS lookup_unsettled ON mosaic.lookup_entries (reserved_at) WHERE NOT settled;
              CREATE TABLE IF NOT EXISTS mosaic.lookup_held (
                idx text COLLATE "C" NOT NULL,
                value text COLLATE "C" NOT NULL,
                key text COLLATE "C" NOT NULL,
                number bigint NOT NULL,
                state "char" NOT NULL CHECK (state IN ('h', 'f', 'v')),
                changed_at timestamptz NOT NULL,
                PRIMARY KEY (value, key, idx));
              CREATE INDEX IF NOT EXISTS lookup_not_held ON mosaic.lookup_held (state, changed_at) WHERE state <> 'h';
            """
            + function(
                    "lookup_signature(idx text, value text, key text, shard text, number int8, until int8)",
                    "text LANGUAGE sql STABLE",
                    INTERNAL,
                    SIGNATURE)
            + function(
                    "lookup_shown(idx text, value text, key text)", "int8 LANGUAGE plpgsql VOLATILE", INTERNAL, SHOWN)
            + function(
                    "lookup_change(idx text, was_value text, was_key text, is_value text, is_key text)",
                    "void LANGUAGE plpgsql VOLATILE",
                    INTERNAL,
                    CHANGE)
            + function("lookup_emptied()", "trigger LANGUAGE plpgsql", TRUSTED, EMPTIED)
            + function(
                    "lookup_reserve(idx text, value text, key text, shard text)",
                    "TABLE (reserved boolean, holder text) LANGUAGE plpgsql VOLATILE",
                    TRUSTED,
                    "#variable_conflict use_variable\n" + RESERVE)
            + function(
                    "lookup_ticket(idx text, value text, key text, shard text)",
                    "text LANGUAGE plpgsql VOLATILE",
                    TRUSTED,
                    TICKET)
            + function(
                    "lookup_find(idx text, value text)",
                    "TABLE (key text) LANGUAGE sql STABLE",
                    TRUSTED,
                    "SELECT e.key FROM mosaic.lookup_entries AS e WHERE e.value = $2 COLLATE \"C\" AND e.idx = $1 COLLATE \"C\"");

    private LookupSchema() {}

    /** Whoever may write rows reserves values for them, and gives the right to others. */
    public static String grants(String owner, String router) {
        String find = "mosaic.lookup_find(text, text)";
        return "GRANT EXECUTE ON FUNCTION mosaic.lookup_reserve(text, text, text, text), mosaic.lookup_ticket(text, text, text, text), "
                + find + " TO " + SqlText.identifier(owner) + " WITH GRANT OPTION; GRANT EXECUTE ON FUNCTION " + find
                + " TO " + SqlText.identifier(router)
                // What is wrong with rows is found out with the rights of their owner.
                + "; GRANT SELECT ON mosaic.lookup_entries, mosaic.lookup_held TO " + SqlText.identifier(owner);
    }

    private static String function(String signature, String returns, String settings, String body) {
        String name = signature.substring(0, signature.indexOf('('));
        return "CREATE OR REPLACE FUNCTION mosaic." + signature + " RETURNS " + returns + settings
                + SqlText.literal(body) + ";\nREVOKE ALL ON FUNCTION mosaic." + name + " FROM PUBLIC;\n";
    }
}
