import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.pgmosaic.client.ClientSettings;
import io.pgmosaic.client.MosaicClient;
import io.pgmosaic.client.ReadGuarantee;
import io.pgmosaic.client.TableKey;
import io.pgmosaic.client.connection.DatabaseServer;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

import javax.sql.DataSource;

/**
 * Reads an order before, during and after the migration of examples/migration.yaml, which gives each order a currency. Needs the table
 * {@code orders (customer_id bigint, id bigint, PRIMARY KEY (customer_id, id))}, sharded by customer_id. Takes the variables that
 * psql takes, and PGMOSAIC_ROUTER_URL.
 */
public final class SchemaExample {
    private static final String MIGRATION = "add-currency";

    private static final String BEFORE = "SELECT 'EUR' FROM orders WHERE customer_id = ? AND id = ?";
    private static final String FILLED = "SELECT currency FROM orders WHERE customer_id = ? AND id = ?";

    private SchemaExample() {}

    public static void main(String[] arguments) throws SQLException {
        long customer = Long.parseLong(arguments[0]);
        long order = Long.parseLong(arguments[1]);
        try (MosaicClient client = MosaicClient.create(ClientSettings.defaults(), SchemaExample::pool)) {
            TableKey key = TableKey.of("orders", customer);
            String shard = client.shardOf(key);
            // Asked for each read: what is remembered is a second old, and may be taken back.
            String select = client.schema("orders").on(shard).choose(MIGRATION, FILLED, BEFORE);
            String currency =
                    client.read(key, ReadGuarantee.strong(), connection -> currency(connection, select, customer, order));
            System.out.println("order " + order + " of customer " + customer + " is in " + currency + ", by the "
                    + (select.equals(FILLED) ? "new" : "old") + " schema of " + shard);
        }
    }

    private static String currency(Connection connection, String select, long customer, long order) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(select)) {
            statement.setLong(1, customer);
            statement.setLong(2, order);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getString(1) : "no currency: there is no such order";
            }
        }
    }

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
        config.setMinimumIdle(0);
        config.setConnectionTimeout(2_000);
        config.setInitializationFailTimeout(-1);
        return new HikariDataSource(config);
    }

    private static String variable(String name, String otherwise) {
        String value = System.getenv(name);
        return value == null ? otherwise : value;
    }
}
