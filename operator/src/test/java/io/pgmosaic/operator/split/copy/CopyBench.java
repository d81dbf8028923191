package io.pgmosaic.operator.split.copy;

import io.pgmosaic.operator.split.MovingTable;
import io.pgmosaic.operator.split.ShardDatabase;
import io.pgmosaic.testing.Figure;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Appends {@code split.copy.logical.ratio}: rows a second of a split's copy over those of two psql, of which one copies the same rows to
 * its standard output and the other takes them from there. Both by turns, between the same servers, with TLS.
 */
public final class CopyBench {
    private static final int ROWS = 500_000;
    private static final int ROUNDS = 9;
    private static final String MOVES = "hashint8extended(%sid, 0) BETWEEN 0 AND 9223372036854775807";
    private static final MovingTable ORDERS =
            new MovingTable("public", "orders", MOVES.formatted("t."), MOVES.formatted("orders."), false);
    private static final String TABLE = "CREATE TABLE orders (id bigint NOT NULL, customer bigint NOT NULL,"
            + " amount numeric(12, 2) NOT NULL, state text NOT NULL, note text, at timestamptz NOT NULL)";
    private static final String FILL = "INSERT INTO orders SELECT i, i % 1000, i % 100000 / 100.0, 'delivered',"
            + " repeat(md5(i::text), 4), timestamptz '2026-01-01' + i * interval '1 second'"
            + " FROM generate_series(1, " + 2 * ROWS + ") AS i";

    private final TwoDatabases both;
    private final Path authority;

    private CopyBench(TwoDatabases both, Path authority) {
        this.both = both;
        this.authority = authority;
    }

    public static void main(String[] args)
            throws IOException, GeneralSecurityException, SQLException, InterruptedException {
        Path authority = Files.createTempFile("authority", ".crt");
        try (TwoDatabases both = new TwoDatabases()) {
            Files.writeString(authority, both.from().server().authorityPem());
            new CopyBench(both, authority).run(Path.of(args[0]));
        } finally {
            Files.delete(authority);
        }
    }

    private void run(Path file) throws IOException, SQLException, InterruptedException {
        both.make(TABLE);
        both.source.asOwner(FILL);
        both.source.execute("VACUUM ANALYZE orders");
        List<Double> ratios = new ArrayList<>();
        List<Double> plain = new ArrayList<>();
        List<Double> own = new ArrayList<>();
        // The first turns of both warm files and code, and count for nothing.
        for (int round = -1; round < ROUNDS; round++) {
            boolean ownFirst = round % 2 == 0;
            double first = ownFirst ? own() : plain();
            double second = ownFirst ? plain() : own();
            if (round >= 0) {
                own.add(ownFirst ? first : second);
                plain.add(ownFirst ? second : first);
                ratios.add(own.getLast() / plain.getLast());
            }
        }
        Collections.sort(ratios);
        new Figure(
                        "split.copy.logical.ratio",
                        ratios.get(ROUNDS / 2),
                        "ratio",
                        String.format(
                                Locale.ROOT,
                                "about %d of %d rows of 190 bytes, 6 columns; the copy with its slot and its records over"
                                        + " psql piped into psql, both with TLS; median of %d rounds by turns, %.2f to"
                                        + " %.2f; rows/s of the copy %s, of psql %s; load average %.1f",
                                ROWS,
                                2 * ROWS,
                                ROUNDS,
                                ratios.getFirst(),
                                ratios.getLast(),
                                thousands(own),
                                thousands(plain),
                                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage()))
                .appendTo(file);
    }

    private static List<String> thousands(List<Double> rates) {
        return rates.stream()
                .map(rate -> String.format(Locale.ROOT, "%.0fk", rate / 1000))
                .toList();
    }

    private double own() throws SQLException, InterruptedException {
        both.forward(ORDERS).publish();
        begin();
        long began = System.nanoTime();
        long rows = new LogicalCopy(both.order(ORDERS), CopyLimits.NONE, (table, some, bytes, isDone) -> {})
                .run()
                .rows();
        return rate(rows, began);
    }

    private double plain() throws SQLException, IOException, InterruptedException {
        begin();
        TableColumns columns = new TableColumns(false, List.of("id", "customer", "amount", "state", "note", "at"));
        long began = System.nanoTime();
        List<Process> pipeline = ProcessBuilder.startPipeline(
                List.of(psql(both.from(), columns.read(ORDERS)), psql(both.to(), columns.write(ORDERS))));
        for (Process psql : pipeline) {
            if (psql.waitFor() != 0) {
                throw new IllegalStateException("psql ended with " + psql.exitValue());
            }
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        return Long.parseLong(both.target.value("SELECT count(*) FROM orders")) / seconds;
    }

    /** Nothing of the turn before is left, neither rows nor pages to write. */
    private void begin() throws SQLException {
        both.target.execute("TRUNCATE orders");
        both.source.execute("CHECKPOINT");
        both.target.execute("CHECKPOINT");
    }

    private static double rate(long rows, long began) {
        return rows / ((System.nanoTime() - began) / 1e9);
    }

    private ProcessBuilder psql(ShardDatabase database, String command) {
        ProcessBuilder builder = new ProcessBuilder(
                        both.source.postgres().binaries().program("psql"),
                        "-qX",
                        "-v",
                        "ON_ERROR_STOP=1",
                        "-c",
                        command)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("PGHOST", database.server().address());
        builder.environment().put("PGPORT", Integer.toString(database.server().port()));
        builder.environment().put("PGDATABASE", database.database());
        builder.environment().put("PGUSER", "postgres");
        builder.environment().put("PGPASSWORD", database.passwords().superuser());
        builder.environment().put("PGSSLMODE", "verify-ca");
        builder.environment().put("PGSSLROOTCERT", authority.toString());
        return builder;
    }
}
