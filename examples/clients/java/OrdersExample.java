import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.pgmosaic.client.CausalContext;
import io.pgmosaic.client.ClientSettings;
import io.pgmosaic.client.MosaicClient;
import io.pgmosaic.client.ReadGuarantee;
import io.pgmosaic.client.TableKey;
import io.pgmosaic.client.UnknownOutcomeException;
import io.pgmosaic.client.connection.DatabaseServer;
import io.pgmosaic.client.scatter.MissingShards;
import io.pgmosaic.client.scatter.ScatterRequest;
import io.pgmosaic.client.scatter.ScatterResult;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;

import javax.sql.DataSource;

/**
 * Writes an order, reads it from a replica, and counts all orders. Needs the table
 * {@code orders (customer_id bigint, id bigint, PRIMARY KEY (customer_id, id))}, sharded by customer_id. Takes the variables that
 * psql takes, and PGMOSAIC_ROUTER_URL.
 */
public final class OrdersExample {
    private OrdersExample() {}

    public static void main(String[] arguments) throws SQLException {
        long customer = Long.parseLong(arguments[0]);
        long order = Long.parseLong(arguments[1]);
        try (MosaicClient client = MosaicClient.create(ClientSettings.defaults(), OrdersExample::pool)) {
            TableKey key = TableKey.of("orders", customer);
            CausalContext context = new CausalContext();
            try {
                client.inTransaction(key, context, connection -> insert(connection, customer, order));
            } catch (UnknownOutcomeException e) {
                // The order has an id of its own, so the primary tells whether it is there.
                int found = client.read(key, ReadGuarantee.strong(), connection -> count(connection, customer, order));
                System.out.println(found == 1 ? "it was written" : "it was not written: " + e.getMessage());
            }
            int seen = client.read(
                    key, ReadGuarantee.readYourWrites(context), connection -> count(connection, customer, order));
            System.out.println("order " + order + " of customer " + customer + " is on " + client.shardOf(key) + ", seen "
                    + seen + " time");
            System.out.println("for other services: X-Causal-Token: " + client.token(context));

            ScatterResult<Long> counts = client.onAllShards(
                    ScatterRequest.within(Duration.ofSeconds(5)).forTables("orders").ifMissing(MissingShards.PARTIAL),
                    (shard, connection) -> countAll(connection));
            long all = counts.results().values().stream().mapToLong(Long::longValue).sum();
            System.out.println(all + " orders on " + counts.results().size() + " shards; missing: " + counts.missing());
        }
    }

    /** The time-outs are what bounds a server that hangs. */
    private static DataSource pool(DatabaseServer server) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(server.instance());
        config.setJdbcUrl("jdbc:postgresql://" + server.host() + ":" + server.port() + "/" + server.database());
        config.setUsername(variable("PGUSER", "app"));
        config.setPassword(variable("PGPASSWORD", ""));
        config.addDataSourceProperty("sslmode", variable("PGSSLMODE", "verify-full"));
        config.addDataSourceProperty("sslrootcert", variable("PGSSLROOTCERT", "/etc/shop/postgres-ca.crt"));
        config.addDataSourceProperty("connectTimeout", "2");
        config.addDataSourceProperty("socketTimeout", "10");
        config.setMaximumPoolSize(8);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(2_000);
        // A server that is away now is no reason for the pool not to be made.
        config.setInitializationFailTimeout(-1);
        return new HikariDataSource(config);
    }

    private static int insert(Connection connection, long customer, long order) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("INSERT INTO orders (customer_id, id) VALUES (?, ?)")) {
            statement.setLong(1, customer);
            statement.setLong(2, order);
            return statement.executeUpdate();
        }
    }

    private static int count(Connection connection, long customer, long order) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT count(*) FROM orders WHERE customer_id = ? AND id = ?")) {
            statement.setLong(1, customer);
            statement.setLong(2, order);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    private static long countAll(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT count(*) FROM orders");
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    private static String variable(String name, String otherwise) {
        String value = System.getenv(name);
        return value == null ? otherwise : value;
    }
}
