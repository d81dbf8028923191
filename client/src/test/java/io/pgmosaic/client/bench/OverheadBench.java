package io.pgmosaic.client.bench;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.pgmosaic.client.GuardedShards;
import io.pgmosaic.client.MosaicClient;
import io.pgmosaic.client.ReadGuarantee;
import io.pgmosaic.client.TableKey;
import io.pgmosaic.testing.Figure;
import io.pgmosaic.testing.ThrowawayPostgres;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/**
 * Point selects by key over a pool, beside the same ones through the client over a pool of the same kind to the same database: in
 * turns, in one run.
 */
public final class OverheadBench {
    private static final int THREADS = 2;
    private static final int CONNECTIONS = 4;
    private static final int ROWS = 20_000;
    private static final int ROUNDS = 21;
    private static final Duration WARM_UP = Duration.ofSeconds(8);
    private static final Duration ROUND = Duration.ofSeconds(2);
    private static final String SHARD = "s0";

    private OverheadBench() {}

    /** Looks one customer up. */
    private interface Lookup {
        long of(long customer) throws SQLException;
    }

    /** @param arguments the file that figures are appended to */
    public static void main(String[] arguments) throws Exception {
        try (GuardedShards shards = new GuardedShards();
                ExecutorService threads = Executors.newFixedThreadPool(THREADS);
                HikariDataSource plain = pool(shards.database(SHARD));
                MosaicClient client =
                        MosaicClient.create(shards.settings(), server -> pool(shards.database(server.shard())))) {
            List<Long> customers = customers(client);
            shards.run(SHARD, "INSERT INTO orders SELECT unnest('{" + list(customers) + "}'::bigint[]), 'n'");
            shards.run(SHARD, "VACUUM ANALYZE orders");
            Lookup direct = customer -> {
                try (Connection connection = plain.getConnection()) {
                    return select(connection, customer);
                }
            };
            Lookup routed = customer ->
                    client.read(TableKey.of("orders", customer), ReadGuarantee.strong(), c -> select(c, customer));
            perSecond(threads, direct, customers, WARM_UP);
            perSecond(threads, routed, customers, WARM_UP);
            List<Double> ratios = new ArrayList<>();
            List<Double> rates = new ArrayList<>();
            for (int round = 0; round < ROUNDS; round++) {
                boolean directFirst = round % 2 == 0;
                double first = perSecond(threads, directFirst ? direct : routed, customers, ROUND);
                double second = perSecond(threads, directFirst ? routed : direct, customers, ROUND);
                rates.add(directFirst ? first : second);
                ratios.add(directFirst ? second / first : first / second);
            }
            List<Double> sorted = ratios.stream().sorted().toList();
            new Figure(
                            "client.overhead.ratio",
                            sorted.get(ROUNDS / 2),
                            "ratio",
                            String.format(
                                    Locale.ROOT,
                                    "point selects through the client / over a plain pool, %d threads, %d connections each,"
                                            + " %d rounds of 2 x %d s in turns; median; plain: median %.0f/s; from %.3f to %.3f; rounds: %s",
                                    THREADS,
                                    CONNECTIONS,
                                    ROUNDS,
                                    ROUND.toSeconds(),
                                    rates.stream().sorted().toList().get(ROUNDS / 2),
                                    sorted.getFirst(),
                                    sorted.getLast(),
                                    ratios.stream()
                                            .map(ratio -> String.format(Locale.ROOT, "%.3f", ratio))
                                            .collect(Collectors.joining(" "))))
                    .appendTo(Path.of(arguments[0]));
        }
    }

    private static HikariDataSource pool(String database) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(ThrowawayPostgres.shared().jdbcUrl(database));
        config.setMaximumPoolSize(CONNECTIONS);
        config.setInitializationFailTimeout(-1);
        return new HikariDataSource(config);
    }

    private static List<Long> customers(MosaicClient client) throws SQLException {
        List<Long> customers = new ArrayList<>();
        for (long customer = 1; customers.size() < ROWS; customer++) {
            if (client.shardOf(TableKey.of("orders", customer)).equals(SHARD)) {
                customers.add(customer);
            }
        }
        return customers;
    }

    private static String list(List<Long> customers) {
        return customers.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    private static long select(Connection connection, long customer) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT note FROM orders WHERE customer_id = ?")) {
            statement.setLong(1, customer);
            try (ResultSet rows = statement.executeQuery()) {
                if (!rows.next()) {
                    throw new IllegalStateException("customer " + customer + " is not there");
                }
                return rows.getString(1).length();
            }
        }
    }

    private static double perSecond(ExecutorService threads, Lookup lookup, List<Long> customers, Duration time)
            throws Exception {
        long began = System.nanoTime();
        long deadline = began + time.toNanos();
        List<Callable<Long>> each = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            SplittableRandom random = new SplittableRandom(thread);
            each.add(() -> {
                long done = 0;
                while (System.nanoTime() < deadline) {
                    lookup.of(customers.get(random.nextInt(customers.size())));
                    done++;
                }
                return done;
            });
        }
        long done = 0;
        for (Future<Long> thread : threads.invokeAll(each)) {
            done += thread.get();
        }
        return done * 1e9 / (System.nanoTime() - began);
    }
}
