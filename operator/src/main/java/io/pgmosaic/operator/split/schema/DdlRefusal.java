package io.pgmosaic.operator.split.schema;

import io.pgmosaic.operator.split.MovingTable;
import io.pgmosaic.operator.split.ShardDatabase;
import io.pgmosaic.operator.split.SplitNames;
import io.pgmosaic.routing.guard.SqlText;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Refuses changes of the schema of a database while a split moves rows of it, and {@code TRUNCATE} of the tables that they are moved
 * of: neither is carried to the other shard. Temporary tables, {@code REINDEX} and {@code REFRESH MATERIALIZED VIEW} go on, and so does
 * what PgMosaic does itself.
 */
public final class DdlRefusal {
    /** The operator's own sessions say who they are; this is against accidents, and a superuser can always do as it likes. */
    private static final String OWN =
            "current_setting('application_name') = 'pgmosaic-operator' AND (session_user = 'mosaic_setup' OR "
                    + "(SELECT r.oid = 10 FROM pg_roles AS r WHERE r.rolname = session_user))";

    private static final String REFUSAL = """
            RAISE EXCEPTION USING ERRCODE = 'MO007',
              MESSAGE = format('%s refused: ShardSplit %s is moving rows of this database',
                tag, (SELECT string_agg(DISTINCT m.split, ', ') FROM mosaic.moving AS m)),
              HINT = 'Change the schema when the split has ended, or end it first.';
            """;

    private static final String REFUSE_DDL = """
            DECLARE
              tag text := tg_tag;
              found boolean;
            BEGIN
              IF %s OR tg_tag IN ('REINDEX', 'REFRESH MATERIALIZED VIEW') THEN
                RETURN;
              END IF;
              IF tg_event = 'sql_drop' THEN
                found := EXISTS (SELECT FROM pg_event_trigger_dropped_objects() AS o
                                 WHERE NOT o.is_temporary AND o.schema_name IS DISTINCT FROM 'pg_temp');
              ELSE
                found := EXISTS (SELECT FROM pg_event_trigger_ddl_commands() AS o
                                 WHERE o.schema_name IS DISTINCT FROM 'pg_temp');
              END IF;
              IF NOT found THEN
                RETURN;
              END IF;
              %s
            END
            """.formatted(OWN, REFUSAL);

    private static final String REFUSE_TRUNCATE = """
            DECLARE
              tag text := 'TRUNCATE of ' || TG_RELID::regclass::text;
            BEGIN
              %s
            END
            """.formatted(REFUSAL);

    static final String FUNCTIONS =
            "CREATE OR REPLACE FUNCTION mosaic.refuse_ddl() RETURNS event_trigger LANGUAGE plpgsql"
                    + " SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS " + SqlText.literal(REFUSE_DDL)
                    + ";\nCREATE OR REPLACE FUNCTION mosaic.refuse_truncate() RETURNS trigger LANGUAGE plpgsql"
                    + " SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS " + SqlText.literal(REFUSE_TRUNCATE)
                    + ";\n";

    /** A partition can be emptied by its own name. */
    private static final String WITH_PARTITIONS =
            "SELECT p.relid::regclass::text FROM pg_partition_tree(?::regclass) AS p"
                    + " UNION SELECT ?::regclass::text";

    private static final String SHORT_LOCKS = "SET lock_timeout = '200ms'";

    private DdlRefusal() {}

    /**
     * From its return on, and until {@link #end}, changes are refused. Those under way hold locks of tables, and so do transactions that
     * write; behind who waits for such a lock all others wait, so that is short.
     *
     * @throws SQLException with SQLSTATE {@code 55P03} when a lock is not to be had now: try again
     */
    public static void begin(ShardDatabase database, SplitNames names, String split, List<MovingTable> tables)
            throws SQLException {
        try (Connection superuser = database.asSuperuser();
                Statement statement = superuser.createStatement()) {
            superuser.setAutoCommit(false);
            statement.execute(SHORT_LOCKS);
            try (PreparedStatement row = superuser.prepareStatement(
                    "INSERT INTO mosaic.moving (stem, split) VALUES (?, ?) ON CONFLICT DO NOTHING")) {
                row.setString(1, names.stem());
                row.setString(2, split);
                row.executeUpdate();
            }
            for (String event : List.of("ddl_command_end", "sql_drop")) {
                String name = SqlText.identifier(names.stem() + (event.equals("sql_drop") ? "_x" : "_d"));
                if (!exists(superuser, names.stem() + (event.equals("sql_drop") ? "_x" : "_d"))) {
                    statement.execute(
                            "CREATE EVENT TRIGGER " + name + " ON " + event + " EXECUTE FUNCTION mosaic.refuse_ddl()");
                }
            }
            String trigger = SqlText.identifier(names.stem() + "_t");
            for (MovingTable table : tables) {
                for (String one : withPartitions(superuser, table)) {
                    statement.execute("CREATE OR REPLACE TRIGGER " + trigger + " BEFORE TRUNCATE ON " + one
                            + " FOR EACH STATEMENT EXECUTE FUNCTION mosaic.refuse_truncate()");
                }
            }
            superuser.commit();
        }
    }

    /** Lets the schema be changed again. Nothing happens where it can be already. */
    public static void end(ShardDatabase database, SplitNames names) throws SQLException {
        try (Connection superuser = database.asSuperuser();
                Statement statement = superuser.createStatement()) {
            superuser.setAutoCommit(false);
            statement.execute(SHORT_LOCKS);
            for (String one : triggers(superuser, names.stem() + "_t")) {
                statement.execute("DROP TRIGGER " + SqlText.identifier(names.stem() + "_t") + " ON " + one);
            }
            for (String suffix : List.of("_d", "_x")) {
                statement.execute("DROP EVENT TRIGGER IF EXISTS " + SqlText.identifier(names.stem() + suffix));
            }
            superuser.commit();
        }
    }

    private static boolean exists(Connection superuser, String eventTrigger) throws SQLException {
        try (PreparedStatement statement =
                superuser.prepareStatement("SELECT FROM pg_event_trigger WHERE evtname = ?")) {
            statement.setString(1, eventTrigger);
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        }
    }

    private static List<String> withPartitions(Connection superuser, MovingTable table) throws SQLException {
        try (PreparedStatement statement = superuser.prepareStatement(WITH_PARTITIONS)) {
            statement.setString(1, table.qualifiedName());
            statement.setString(2, table.qualifiedName());
            return strings(statement);
        }
    }

    private static List<String> triggers(Connection superuser, String name) throws SQLException {
        try (PreparedStatement statement = superuser.prepareStatement(
                "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = ? AND NOT tgisinternal")) {
            statement.setString(1, name);
            return strings(statement);
        }
    }

    private static List<String> strings(PreparedStatement statement) throws SQLException {
        List<String> found = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                found.add(row.getString(1));
            }
        }
        return found;
    }
}
