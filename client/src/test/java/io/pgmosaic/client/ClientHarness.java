package io.pgmosaic.client;

import io.pgmosaic.client.connection.DatabaseServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

import javax.sql.DataSource;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** Shards, a router that tells of them, and a client, anew for each test. */
abstract class ClientHarness {
    GuardedShards shards;
    MosaicClient client;

    @BeforeEach
    void startShards() throws SQLException {
        shards = new GuardedShards();
        client = shards.client();
    }

    @AfterEach
    void endShards() {
        client.close();
        shards.close();
    }

    /** A client that gives up soon. */
    MosaicClient hasty() {
        return MosaicClient.create(shards.settings().withRetryFor(Duration.ofMillis(200)), shards::source);
    }

    /** Stands between the client and the driver. */
    @FunctionalInterface
    interface Between {
        @Nullable
        Object call(Connection real, Method method, Call call) throws Throwable;
    }

    /** What the driver does. */
    @FunctionalInterface
    interface Call {
        @Nullable
        Object go() throws Throwable;
    }

    /** Connections to a server of which a test decides what each method does. */
    DataSource with(DatabaseServer server, Between between) {
        DataSource real = shards.source(server);
        ClassLoader loader = getClass().getClassLoader();
        return (DataSource) Proxy.newProxyInstance(loader, new Class<?>[] {DataSource.class}, (source, asked, none) -> {
            Connection connection = real.getConnection();
            return Proxy.newProxyInstance(
                    loader,
                    new Class<?>[] {Connection.class},
                    (proxy, method, arguments) ->
                            between.call(connection, method, () -> invoke(connection, method, arguments)));
        });
    }

    private static @Nullable Object invoke(Connection connection, Method method, Object @Nullable [] arguments)
            throws Throwable {
        try {
            return method.invoke(connection, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /** The number of a customer of a shard. */
    long customerOf(String shard) throws SQLException {
        long customer = 1;
        while (!client.shardOf(Orders.key(customer)).equals(shard)) {
            customer++;
        }
        return customer;
    }
}
