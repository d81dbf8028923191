import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.pgmosaic.client.CausalContext;
import io.pgmosaic.client.ClientSettings;
import io.pgmosaic.client.MosaicClient;
import io.pgmosaic.client.ReadGuarantee;
import io.pgmosaic.client.SqlWork;
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
    private static final int MOST_TRIES = 5;

    private OrdersExample() {}

    public static void main(String[] arguments) throws SQLException {
        long customer = Long.parseLong(arguments[0]);
        long order = Long.parseLong(arguments[1]);
        try (MosaicClient client = MosaicClient.create(ClientSettings.defaults(), OrdersExample::pool)) {
            TableKey key = TableKey.of("orders", customer);
            CausalContext context = new CausalContext();
            write(client, key, context, connection -> insert(connection, customer, order));
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

    /**
     * Does work that is done once however often it is done, as long as nobody knows what became of it. To look for its rows
     * instead would prove nothing: a commit whose answer was lost may still be under way.
     */
    private static void write(MosaicClient client, TableKey key, CausalContext context, SqlWork<Integer> work)
            throws SQLException {
        UnknownOutcomeException unknown = null;
        for (int tries = 1; tries <= MOST_TRIES; tries++) {
            try {
                client.inTransaction(key, context, work);
                return;
            } catch (UnknownOutcomeException e) {
                unknown = e;
            } catch (SQLException e) {
                if (unknown == null) {
                    throw e;
                }
                // This try did not do it, and one before may have.
                unknown.addSuppressed(e);
                break;
            }
        }
        throw unknown;
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

    /**
     * The order has an id of its own, so inserting it twice is inserting it once. The second time updates it rather than to do
     * nothing: so it writes something, and its commit waits for the standbys as the first does.
     */
    private static int insert(Connection connection, long customer, long order) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("INSERT INTO orders (customer_id, id) VALUES (?, ?)"
                + " ON CONFLICT (customer_id, id) DO UPDATE SET id = excluded.id")) {
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
