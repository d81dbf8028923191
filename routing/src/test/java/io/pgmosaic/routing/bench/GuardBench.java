package io.pgmosaic.routing.bench;

import io.pgmosaic.routing.guard.Guard;
import io.pgmosaic.routing.guard.GuardSchema;
import io.pgmosaic.routing.guard.GuardedTable;
import io.pgmosaic.routing.key.KeyColumn;
import io.pgmosaic.routing.key.KeySchema;
import io.pgmosaic.routing.key.KeyType;
import io.pgmosaic.routing.map.HashRange;
import io.pgmosaic.routing.map.HashRanges;
import io.pgmosaic.routing.map.Partitioning;
import io.pgmosaic.routing.map.ShardMap;
import io.pgmosaic.testing.Figure;
import io.pgmosaic.testing.ThrowawayPostgres;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the guard costs: single-row inserts and updates by key through pgbench, durable commits, on a table with the guard
 * beside an equal table without, at the same time. Appends {@code guard.insert.ratio} and {@code guard.update.ratio} (guard
 * of a hash range) and {@code guard.ring.insert.ratio} and {@code guard.ring.update.ratio} (of a ring's 150 segments).
 */
public final class GuardBench {
    private static final int ROUNDS = 9;
    private static final int SECONDS = 2;
    private static final int CLIENTS = 2;
    private static final int ROWS = 100_000;
    private static final List<String> TABLES = List.of("off", "ranged", "ring");
    private static final KeySchema KEY = KeySchema.of(new KeyColumn("id", KeyType.BIGINT));

    /** So little of the hashes belongs to the other shard that no random key will be refused. */
    private static final long SLIVER = 1L << 16;

    private static final String INSERT = """
            \\set id random(1000000, 9000000000000000000)
            INSERT INTO %s (id, customer, amount) VALUES (:id, 'a customer', 42);
            """;

    private static final String UPDATE = """
            \\set id random(1, 100000)
            UPDATE %s SET amount = amount + 1 WHERE id = :id;
            """;

    private GuardBench() {}

    public static void main(String[] args) throws IOException, InterruptedException, SQLException {
        Path file = Path.of(args[0]);
        try (ThrowawayPostgres server = ThrowawayPostgres.start(Map.of("max_wal_size", "4GB"))) {
            String database = server.createDatabase();
            prepare(server, database);
            Pgbench pgbench = new Pgbench(server, database, CLIENTS, SECONDS);
            measure("guard.insert.ratio", "ranged", INSERT, pgbench, file);
            measure("guard.update.ratio", "ranged", UPDATE, pgbench, file);
            measure("guard.ring.insert.ratio", "ring", INSERT, pgbench, file);
            measure("guard.ring.update.ratio", "ring", UPDATE, pgbench, file);
        }
    }

    private static void prepare(ThrowawayPostgres server, String database) throws SQLException {
        try (Connection connection = server.connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute(GuardSchema.create(1_000));
            for (String table : TABLES) {
                statement.execute(
                        "CREATE TABLE %s (id bigint PRIMARY KEY, customer text, amount numeric) WITH (fillfactor = 80)"
                                .formatted(table));
                statement.execute("INSERT INTO %s SELECT i, 'a customer', 1 FROM generate_series(1, %d) AS i"
                        .formatted(table, ROWS));
            }
            install(statement, "ranged", interleaved(1));
            install(statement, "ring", interleaved(150));
            statement.execute("VACUUM ANALYZE");
            statement.execute("CHECKPOINT");
        }
    }

    private static void install(Statement statement, String table, Partitioning partitioning) throws SQLException {
        ShardMap map = ShardMap.of(1, partitioning);
        statement.execute(Guard.of(map, "own").install(List.of(new GuardedTable("public", table, KEY)), 1_000));
    }

    /** {@code count} equal segments, apart from each other and from both ends by a sliver of the other shard's. */
    private static HashRanges interleaved(int count) {
        List<HashRange> ranges = new ArrayList<>();
        long step = Long.MAX_VALUE / count * 2;
        for (int i = 0; i < count; i++) {
            ranges.add(new HashRange(Long.MIN_VALUE + i * step, "other"));
            ranges.add(new HashRange(Long.MIN_VALUE + i * step + SLIVER, "own"));
        }
        ranges.add(new HashRange(Long.MAX_VALUE - SLIVER, "other"));
        return new HashRanges(List.of("own", "other"), ranges);
    }

    /** @param guarded the table that is set beside the one without a guard */
    private static void measure(String name, String guarded, String script, Pgbench pgbench, Path file)
            throws IOException, InterruptedException {
        List<String> scripts = List.of(script.formatted(guarded), script.formatted("off"));
        List<Double> ratios = new ArrayList<>();
        List<Double> plain = new ArrayList<>();
        pgbench.together(scripts);
        for (int round = 0; round < ROUNDS; round++) {
            // The first to start has a moment for itself: by turns.
            List<Double> throughputs = pgbench.together(round % 2 == 0 ? scripts : scripts.reversed());
            double on = throughputs.get(round % 2);
            double off = throughputs.get(1 - round % 2);
            ratios.add(on / off);
            plain.add(off);
        }
        Collections.sort(ratios);
        Collections.sort(plain);
        String how = String.format(
                Locale.ROOT,
                "pgbench -M prepared, %d clients with the guard beside %d without, durable commits; throughput on over"
                        + " off, median of %d rounds of %d s, %.3f to %.3f, middle half %.3f to %.3f; off: %.0f a second",
                CLIENTS,
                CLIENTS,
                ROUNDS,
                SECONDS,
                ratios.getFirst(),
                ratios.getLast(),
                ratios.get(ROUNDS / 4),
                ratios.get(ROUNDS - 1 - ROUNDS / 4),
                plain.get(ROUNDS / 2));
        new Figure(name, ratios.get(ROUNDS / 2), "ratio", how).appendTo(file);
    }
}
