package io.pgmosaic.operator.split.verify;

import io.pgmosaic.operator.split.MovingTable;
import io.pgmosaic.operator.split.SplitNames;
import io.pgmosaic.routing.guard.GuardSchema;
import io.pgmosaic.testing.ThrowawayPostgres;
import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import static org.awaitility.Awaitility.await;

/** Two servers, and on each a database of its own for a test: what the sender's tables have is streamed to the receiver's. */
public final class StreamedPair implements AutoCloseable {
    private static @Nullable ThrowawayPostgres first;
    private static @Nullable ThrowawayPostgres second;

    public final SplitNames names = new SplitNames(UUID.randomUUID().toString(), 0);
    public final Node sender;
    public final Node receiver;
    private final List<MovingTable> tables;

    /** A database of one of the servers. */
    public record Node(ThrowawayPostgres server, String database) implements Side {
        @Override
        public Connection superuser() throws SQLException {
            return server.connect(database);
        }

        @Override
        public Connection mover() throws SQLException {
            return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + server.port() + "/" + database
                    + "?user=mosaic_move&sslmode=disable");
        }

        public void execute(String... statements) throws SQLException {
            try (Connection connection = superuser();
                    Statement statement = connection.createStatement()) {
                for (String sql : statements) {
                    statement.execute(sql);
                }
            }
        }

        /** As the rows are written that come by the stream. */
        void damage(String... statements) throws SQLException {
            try (Connection connection = superuser();
                    Statement statement = connection.createStatement()) {
                statement.execute("SET session_replication_role = replica");
                for (String sql : statements) {
                    statement.execute(sql);
                }
            }
        }

        public String one(String query) throws SQLException {
            return String.join("\n", list(query));
        }

        public List<String> list(String query) throws SQLException {
            try (Connection connection = superuser();
                    Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(query)) {
                List<String> list = new ArrayList<>();
                while (rows.next()) {
                    list.add(rows.getString(1));
                }
                return list;
            }
        }
    }

    public StreamedPair(String schema, MovingTable... tables) throws SQLException {
        this.tables = List.of(tables);
        sender = node(server(true));
        receiver = node(server(false));
        for (Node node : List.of(sender, receiver)) {
            node.execute(GuardSchema.create(5_000), VerificationSchema.create(), VerificationSchema.create());
            node.execute("SET ROLE app", schema);
        }
        receiver.execute("INSERT INTO mosaic.moving (stem, split, copy_began_at, copied_at) VALUES ('" + names.stem()
                + "', 'test', now(), now())");
        StringBuilder published = new StringBuilder("mosaic.split_marker");
        for (MovingTable table : tables) {
            published.append(", ").append(table.qualifiedName());
            if (!table.rowFilter().isEmpty()) {
                published.append(" WHERE (").append(table.rowFilter()).append(")");
            }
        }
        sender.execute("CREATE PUBLICATION " + names.forward() + " FOR TABLE " + published
                + " WITH (publish_via_partition_root)");
        receiver.execute("CREATE SUBSCRIPTION " + names.forward() + " CONNECTION 'host=127.0.0.1 port="
                + sender.server().port() + " user=postgres dbname=" + sender.database() + "' PUBLICATION "
                + names.forward() + " WITH (copy_data = false)");
    }

    private static synchronized ThrowawayPostgres server(boolean isFirst) throws SQLException {
        if (first == null) {
            first = started();
        }
        if (second == null) {
            second = started();
        }
        return isFirst ? first : second;
    }

    private static ThrowawayPostgres started() throws SQLException {
        ThrowawayPostgres server = ThrowawayPostgres.start(Map.of(
                "fsync", "off",
                "wal_level", "logical",
                "max_replication_slots", "20",
                "max_wal_senders", "20",
                "max_logical_replication_workers", "20",
                "max_worker_processes", "30",
                // How soon the worker of a new subscription may start after that of another.
                "wal_retrieve_retry_interval", "100ms",
                "mosaic.term", "3"));
        try (Connection connection = server.connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE ROLE app LOGIN");
            statement.execute("CREATE ROLE mosaic_move LOGIN REPLICATION BYPASSRLS");
            statement.execute("GRANT app TO mosaic_move");
            statement.execute("GRANT SET ON PARAMETER session_replication_role TO mosaic_move");
        }
        return server;
    }

    private static Node node(ThrowawayPostgres server) throws SQLException {
        Node node = new Node(server, server.createDatabase());
        node.execute("ALTER DATABASE " + node.database() + " OWNER TO app", "GRANT ALL ON SCHEMA public TO app");
        return node;
    }

    VerificationRequest request(boolean repair) {
        return new VerificationRequest(names, Direction.FORWARD, tables, false, repair, 2, Duration.ofSeconds(30));
    }

    Verdict verify(boolean repair, Watch watch) throws SQLException, InterruptedException {
        return Verification.run(request(repair), sender, receiver, watch);
    }

    /** Lets the next comparison begin with the first table. */
    void forget() throws SQLException {
        receiver.execute("DELETE FROM mosaic.moving_table");
    }

    public void awaitStream() throws SQLException {
        String position = sender.one("SELECT pg_current_wal_insert_lsn()");
        await().atMost(Duration.ofSeconds(30)).until(() -> sender.one("SELECT confirmed_flush_lsn >= '" + position
                        + "' FROM pg_replication_slots WHERE slot_name = '" + names.forward() + "'")
                .equals("t"));
    }

    @Override
    public void close() throws SQLException {
        receiver.execute("DROP SUBSCRIPTION " + names.forward());
    }
}
