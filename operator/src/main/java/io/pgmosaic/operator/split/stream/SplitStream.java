package io.pgmosaic.operator.split.stream;

import io.pgmosaic.operator.split.MovingTable;
import io.pgmosaic.operator.split.ShardDatabase;
import io.pgmosaic.routing.guard.SqlText;
import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * One direction of a part's changes. Publication, slot and subscription have one name.
 *
 * <p>The subscription belongs to the role that moves rows, so that what a user wrote for a table, as a check or a computed column, runs
 * with no superuser's power when a change comes. PostgreSQL 15 gives a subscription to superusers alone; so that role is one for a
 * moment, inside a transaction that ends with it being none, and nobody sees it.
 */
public final class SplitStream {
    private static final int NO_OWNER_RULE = 160_000;

    /**
     * Changes are applied by the role that moves rows, as the copy's are and as PostgreSQL 15 does it: by default each table's owner
     * would apply its own, who may be subject to its policies, and for the marker's table would be the superuser.
     */
    private static final String SINCE_16 = ", origin = none, run_as_owner = true";

    private final String name;
    private final ShardDatabase sender;
    private final ShardDatabase receiver;
    private final List<MovingTable> tables;
    private final List<String> furtherTables;

    /**
     * @param name of publication, slot and subscription
     * @param tables of which changes are sent; back to the source no reference tables
     * @param furtherTables qualified and quoted; all of their changes are sent too
     */
    public SplitStream(
            String name,
            ShardDatabase sender,
            ShardDatabase receiver,
            List<MovingTable> tables,
            List<String> furtherTables) {
        this.name = name;
        this.sender = sender;
        this.receiver = receiver;
        this.tables = List.copyOf(tables);
        this.furtherTables = List.copyOf(furtherTables);
    }

    /** Makes the publication anew, before a slot is made: a slot knows only those that were there before it. */
    public void publish() throws SQLException {
        try (Connection superuser = sender.asSuperuser();
                Statement statement = superuser.createStatement()) {
            superuser.setAutoCommit(false);
            statement.execute("DROP PUBLICATION IF EXISTS " + quoted());
            List<String> published = new ArrayList<>(furtherTables);
            for (MovingTable table : tables) {
                published.add(published(superuser, table));
            }
            // What TRUNCATE of one side would do to the rows of the other that stay is not to be thought of.
            statement.execute("CREATE PUBLICATION " + quoted()
                    + (published.isEmpty() ? "" : " FOR TABLE " + String.join(", ", published))
                    + " WITH (publish = 'insert, update, delete', publish_via_partition_root = true)");
            superuser.commit();
        }
    }

    private static String published(Connection superuser, MovingTable table) throws SQLException {
        boolean partitioned;
        try (PreparedStatement kind =
                superuser.prepareStatement("SELECT relkind = 'p' FROM pg_class WHERE oid = ?::regclass")) {
            kind.setString(1, table.qualifiedName());
            try (ResultSet row = kind.executeQuery()) {
                row.next();
                partitioned = row.getBoolean(1);
            }
        }
        String filter = table.rowFilter().isEmpty() ? "" : " WHERE (" + table.rowFilter() + ")";
        return (partitioned ? "" : "ONLY ") + table.qualifiedName() + filter;
    }

    /** Makes the slot unless it is there; what the sender accepts from now on is kept for the receiver. */
    public void keepChanges() throws SQLException {
        try (Connection superuser = sender.asSuperuser()) {
            Slots.ensure(superuser, name);
        }
    }

    /**
     * Takes away a slot whose log the sender has removed, so that another one can be made. Only while nothing flows that the receiver
     * needs: the new one keeps what comes from then on.
     */
    public void dropLostSlot() throws SQLException {
        if (state().facts().isLost()) {
            dropAtSender();
        }
    }

    /**
     * Has the slot begin at the present instead, while nothing flows and the sender accepts nothing.
     *
     * @return the position, in PostgreSQL's text
     */
    public String skipToPresent() throws SQLException {
        try (Connection superuser = sender.asSuperuser()) {
            return Slots.advance(superuser, name);
        }
    }

    /** Makes the subscription unless it is there; nothing flows yet. The sender must be there to be asked for its tables. */
    public void subscribe() throws SQLException {
        subscribe(null);
    }

    /**
     * The same; changes that end before a position of the sender's log are left out, whatever the slot keeps.
     *
     * @param from the position, in PostgreSQL's text; null for that of the slot
     */
    public void subscribe(@Nullable String from) throws SQLException {
        try (Connection superuser = receiver.asSuperuser();
                Statement statement = superuser.createStatement()) {
            if (subscription(superuser)) {
                return;
            }
            int version;
            try (ResultSet row = statement.executeQuery("SELECT current_setting('server_version_num')::int")) {
                row.next();
                version = row.getInt(1);
            }
            superuser.setAutoCommit(false);
            quietly(statement);
            statement.execute("CREATE SUBSCRIPTION " + quoted() + " CONNECTION "
                    + SqlText.literal(connection(statement))
                    + " PUBLICATION " + quoted() + " WITH (enabled = false, create_slot = false, copy_data = false,"
                    + " slot_name = " + SqlText.literal(name) + (version >= NO_OWNER_RULE ? SINCE_16 : "")
                    + ")");
            if (version < NO_OWNER_RULE) {
                statement.execute("ALTER ROLE mosaic_move SUPERUSER");
            }
            statement.execute("ALTER SUBSCRIPTION " + quoted() + " OWNER TO mosaic_move");
            if (from != null) {
                beginAt(superuser, from);
            }
            if (version < NO_OWNER_RULE) {
                statement.execute("ALTER ROLE mosaic_move NOSUPERUSER");
            }
            superuser.commit();
        }
    }

    /** Durable, as what the receiver has applied is; a slot's own position can come back as an earlier one after a crash. */
    private void beginAt(Connection superuser, String position) throws SQLException {
        try (PreparedStatement statement = superuser.prepareStatement(
                "SELECT pg_replication_origin_advance('pg_' || s.oid, CAST(? AS pg_catalog.pg_lsn))"
                        + " FROM pg_subscription AS s WHERE s.subname = ?"
                        + " AND s.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())")) {
            statement.setString(1, position);
            statement.setString(2, name);
            statement.execute();
        }
    }

    /** Lets changes flow. */
    public void enable() throws SQLException {
        alter("ENABLE");
    }

    /** Keeps changes from flowing; the slot keeps them. */
    public void disable() throws SQLException {
        alter("DISABLE");
    }

    /** After a failover of the sender, or when the password has changed. Nothing happens when the receiver knows it already. */
    public void followSender() throws SQLException {
        try (Connection superuser = receiver.asSuperuser();
                Statement statement = superuser.createStatement()) {
            String wanted = connection(statement);
            try (PreparedStatement present =
                    superuser.prepareStatement("SELECT subconninfo = ? FROM pg_subscription WHERE subname = ?")) {
                present.setString(1, wanted);
                present.setString(2, name);
                try (ResultSet row = present.executeQuery()) {
                    if (!row.next() || row.getBoolean(1)) {
                        return;
                    }
                }
            }
            superuser.setAutoCommit(false);
            quietly(statement);
            statement.execute("ALTER SUBSCRIPTION " + quoted() + " CONNECTION " + SqlText.literal(wanted));
            superuser.commit();
        }
    }

    public StreamState state() throws SQLException {
        try (Connection atSender = sender.asSuperuser();
                Connection atReceiver = receiver.asSuperuser()) {
            return StreamState.of(name, atSender, atReceiver);
        }
    }

    /** Takes away what the receiver has of it, whether the sender is there or not. */
    public void dropAtReceiver() throws SQLException {
        try (Connection superuser = receiver.asSuperuser()) {
            dropSubscription(superuser, name);
        }
    }

    /** Takes away what the sender has of it, whether the receiver is there or not. */
    public void dropAtSender() throws SQLException {
        try (Connection superuser = sender.asSuperuser();
                Statement statement = superuser.createStatement()) {
            Slots.drop(superuser, name);
            statement.execute("DROP PUBLICATION IF EXISTS " + quoted());
        }
    }

    /** Both, the receiver first. */
    public void drop() throws SQLException {
        dropAtReceiver();
        dropAtSender();
    }

    /** Without the slot, which is the sender's business: dropping it with the subscription would need the sender. */
    static void dropSubscription(Connection superuser, String name) throws SQLException {
        try (PreparedStatement exists = superuser.prepareStatement("SELECT FROM pg_subscription WHERE subname = ?"
                + " AND subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())")) {
            exists.setString(1, name);
            try (ResultSet row = exists.executeQuery()) {
                if (!row.next()) {
                    return;
                }
            }
        }
        String quoted = SqlText.identifier(name);
        try (Statement statement = superuser.createStatement()) {
            statement.execute("ALTER SUBSCRIPTION " + quoted + " DISABLE");
            statement.execute("ALTER SUBSCRIPTION " + quoted + " SET (slot_name = NONE)");
            statement.execute("DROP SUBSCRIPTION " + quoted);
        }
    }

    private void alter(String how) throws SQLException {
        try (Connection superuser = receiver.asSuperuser();
                Statement statement = superuser.createStatement()) {
            statement.execute("ALTER SUBSCRIPTION " + quoted() + " " + how);
        }
    }

    private boolean subscription(Connection superuser) throws SQLException {
        try (PreparedStatement statement =
                superuser.prepareStatement("SELECT FROM pg_subscription WHERE subname = ?")) {
            statement.setString(1, name);
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        }
    }

    /** The password is part of it, so it goes into no log. */
    private static void quietly(Statement statement) throws SQLException {
        statement.execute("SET LOCAL log_statement = 'none'");
        statement.execute("SET LOCAL log_min_duration_statement = -1");
        statement.execute("SET LOCAL log_min_error_statement = 'panic'");
    }

    /** The authority's certificate lies beside the server's own, where the instance manager keeps both. */
    private String connection(Statement atReceiver) throws SQLException {
        String certificate;
        try (ResultSet row = atReceiver.executeQuery("SELECT current_setting('ssl_cert_file')")) {
            row.next();
            certificate = row.getString(1);
        }
        String directory = certificate.substring(0, certificate.lastIndexOf('/') + 1);
        // A certificate in the server's home, should there be one, is nobody's business; one that does not exist is not
        // sent.
        return "host=" + word(sender.server().address()) + " port="
                + sender.server().port() + " dbname=" + word(sender.database()) + " user=mosaic_move password="
                + word(sender.passwords().move()) + " sslmode=verify-ca sslrootcert=" + word(directory + "ca.crt")
                + " sslcert=" + word(directory + "no-client.crt")
                + " application_name=" + word(name)
                + " gssencmode=disable connect_timeout=5 keepalives_idle=5 keepalives_interval=2 keepalives_count=3"
                + " target_session_attrs=read-write";
    }

    private static String word(String value) {
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    private String quoted() {
        return SqlText.identifier(name);
    }
}
