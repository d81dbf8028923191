package io.pgmosaic.operator.split.stream;

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
import java.util.Optional;

/** Everything that splits have in a shard's database, whoever made it and whether its split is there still. */
public final class Leftovers {
    /** What kind of object. */
    public enum Kind {
        SUBSCRIPTION,
        SLOT,
        PUBLICATION,
        EVENT_TRIGGER,
        TRIGGER,
        RECORD
    }

    /**
     * One object.
     *
     * @param table that a trigger is on, qualified and quoted; empty for anything else
     */
    public record Leftover(Kind kind, String name, String table) {
        boolean isOf(String stem) {
            return name.equals(stem) || name.startsWith(stem + "_");
        }

        /** The stem of its name, whatever its suffix; empty for a name that no split gives. */
        public Optional<String> stem() {
            return SplitNames.stemOf(name);
        }
    }

    private static final String FIND = """
            SELECT 'SUBSCRIPTION', s.subname::text, '' FROM pg_subscription s
              JOIN pg_database d ON d.oid = s.subdbid AND d.datname = current_database() WHERE s.subname ^@ ?
            UNION ALL SELECT 'SLOT', slot_name::text, '' FROM pg_replication_slots
              WHERE slot_name ^@ ? AND database = current_database()
            UNION ALL SELECT 'PUBLICATION', pubname::text, '' FROM pg_publication WHERE pubname ^@ ?
            UNION ALL SELECT 'EVENT_TRIGGER', evtname::text, '' FROM pg_event_trigger WHERE evtname ^@ ?
            UNION ALL SELECT 'TRIGGER', tgname::text, tgrelid::regclass::text FROM pg_trigger
              WHERE tgname ^@ ? AND NOT tgisinternal
            UNION ALL SELECT 'RECORD', stem, '' FROM mosaic.moving WHERE stem ^@ ?
            """;

    private static final int PLACES = 6;

    private Leftovers() {}

    public static List<Leftover> find(ShardDatabase database) throws SQLException {
        try (Connection superuser = database.asSuperuser()) {
            return find(superuser);
        }
    }

    /**
     * Takes away all that one part of one split has here, also when the other shard is gone.
     *
     * @throws SQLException with SQLSTATE {@code 55P03} when a table's lock is not to be had now: try again
     */
    public static void drop(ShardDatabase database, SplitNames names) throws SQLException {
        drop(database, names.stem());
    }

    /** The same of a split of which nothing else is known. */
    public static void drop(ShardDatabase database, String stem) throws SQLException {
        try (Connection superuser = database.asSuperuser()) {
            // Behind who waits for a table's lock all others wait.
            execute(superuser, "SET lock_timeout = '200ms'");
            for (Leftover one : find(superuser)) {
                if (one.isOf(stem)) {
                    drop(superuser, one);
                }
            }
        }
    }

    /**
     * Takes away all that any split has here, but that changes of the schema are refused for one part of one of them. Slots are kept out
     * of it: a physical copy of a server has none.
     *
     * @param superuser in a transaction of the caller's
     */
    public static void dropAll(Connection superuser, SplitNames butRefusalOf) throws SQLException {
        for (Leftover one : find(superuser)) {
            boolean refuses = one.kind() == Kind.EVENT_TRIGGER || one.kind() == Kind.TRIGGER;
            if (one.kind() != Kind.SLOT && !(refuses && one.isOf(butRefusalOf.stem()))) {
                drop(superuser, one);
            }
        }
    }

    private static List<Leftover> find(Connection superuser) throws SQLException {
        List<Leftover> found = new ArrayList<>();
        try (PreparedStatement statement = superuser.prepareStatement(FIND)) {
            for (int i = 1; i <= PLACES; i++) {
                statement.setString(i, SplitNames.PREFIX);
            }
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.add(new Leftover(Kind.valueOf(row.getString(1)), row.getString(2), row.getString(3)));
                }
            }
        }
        return found;
    }

    private static void drop(Connection superuser, Leftover one) throws SQLException {
        String name = SqlText.identifier(one.name());
        switch (one.kind()) {
            case SUBSCRIPTION -> SplitStream.dropSubscription(superuser, one.name());
            case SLOT -> Slots.drop(superuser, one.name());
            case PUBLICATION -> execute(superuser, "DROP PUBLICATION IF EXISTS " + name);
            case EVENT_TRIGGER -> execute(superuser, "DROP EVENT TRIGGER IF EXISTS " + name);
            case TRIGGER -> execute(superuser, "DROP TRIGGER IF EXISTS " + name + " ON " + one.table());
            case RECORD -> execute(superuser, "DELETE FROM mosaic.moving WHERE stem = " + SqlText.literal(one.name()));
        }
    }

    private static void execute(Connection superuser, String sql) throws SQLException {
        try (Statement statement = superuser.createStatement()) {
            statement.execute(sql);
        }
    }
}
