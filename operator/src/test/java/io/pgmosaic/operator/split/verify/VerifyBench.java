package io.pgmosaic.operator.split.verify;

import io.pgmosaic.operator.split.MovingTable;
import io.pgmosaic.testing.Figure;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Appends {@code split.verify.rows-per-s}: narrow rows that are compared in a second with one session on each of two servers, each row
 * on both. Half of the sender's rows move, and the others are read as well. And {@code split.verify.load.ratio}: what clients that change
 * the sender's rows have left while they are compared.
 */
public final class VerifyBench {
    private static final int ROWS = 2_000_000;
    private static final int ROUNDS = 5;
    private static final String MOVES = "hashint8extended(%sid, 0) BETWEEN 0 AND 9223372036854775807";
    private static final String ROW =
            "SELECT i, i %% 1000, i %% 100000 / 100.0, 'note ' || i, timestamptz '2026-01-01' + i * interval '1 second'"
                    + " FROM generate_series(1, %d) AS i WHERE %s (hashint8extended(i::bigint, 0) BETWEEN 0 AND"
                    + " 9223372036854775807)";
    private static final MovingTable ORDERS =
            new MovingTable("public", "orders", MOVES.formatted("t."), MOVES.formatted(""), false);
    private static final String SCHEMA = "CREATE TABLE orders (id bigint PRIMARY KEY, customer bigint NOT NULL,"
            + " amount numeric(12, 2) NOT NULL, note text, at timestamptz NOT NULL);"
            + " INSERT INTO orders " + ROW.formatted(2 * ROWS, "");

    private VerifyBench() {}

    public static void main(String[] args) throws IOException, SQLException, InterruptedException {
        try (StreamedPair pair = new StreamedPair(SCHEMA, ORDERS)) {
            pair.sender.execute("INSERT INTO orders " + ROW.formatted(2 * ROWS, "NOT"));
            pair.awaitStream();
            for (StreamedPair.Node node : List.of(pair.sender, pair.receiver)) {
                node.execute("VACUUM ANALYZE orders", "CHECKPOINT");
            }
            long rows = compare(pair).rows();
            List<Double> rates = new ArrayList<>();
            for (int round = 0; round < ROUNDS; round++) {
                pair.forget();
                long begun = System.nanoTime();
                compare(pair);
                rates.add(rows / ((System.nanoTime() - begun) / 1e9));
            }
            Collections.sort(rates);
            new Figure(
                            "split.verify.rows-per-s",
                            rates.get(ROUNDS / 2),
                            "rows/s",
                            String.format(
                                    Locale.ROOT,
                                    "%d rows of 5 columns (bigint, bigint, numeric, text, timestamptz) on both of two"
                                            + " servers, one session on each, marker and all; the sender has as many"
                                            + " that do not move; median of %d rounds, %.0f to %.0f",
                                    rows,
                                    ROUNDS,
                                    rates.getFirst(),
                                    rates.getLast()))
                    .appendTo(Path.of(args[0]));
            loaded(pair).appendTo(Path.of(args[0]));
        }
    }

    /** By turns with and without a comparison, as long each. */
    private static Figure loaded(StreamedPair pair) throws SQLException, InterruptedException {
        SenderLoad load = new SenderLoad(pair.sender, 2 * ROWS);
        List<Double> ratios = new ArrayList<>();
        List<Double> without = new ArrayList<>();
        load.during(() -> {
            for (int round = 0; round < ROUNDS; round++) {
                pair.awaitStream();
                pair.forget();
                long changes = load.changes();
                long begun = System.nanoTime();
                compare(pair);
                long took = System.nanoTime() - begun;
                long compared = load.changes() - changes;
                TimeUnit.NANOSECONDS.sleep(took);
                long alone = load.changes() - changes - compared;
                without.add(alone / (took / 1e9));
                ratios.add((double) compared / alone);
            }
        });
        Collections.sort(ratios);
        return new Figure(
                "split.verify.load.ratio",
                ratios.get(ROUNDS / 2),
                "ratio",
                String.format(
                        Locale.ROOT,
                        "changes/s of 4 clients that think 2 ms, while the sender's rows are compared, over those of as"
                                + " long a time after it, %.0f; median of %d rounds, %.2f to %.2f; load average %.1f",
                        without.stream().mapToDouble(rate -> rate).average().orElseThrow(),
                        ROUNDS,
                        ratios.getFirst(),
                        ratios.getLast(),
                        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage()));
    }

    private static Verdict.Verified compare(StreamedPair pair) throws SQLException, InterruptedException {
        VerificationRequest wanted = pair.request(false);
        VerificationRequest one = new VerificationRequest(
                wanted.names(), wanted.direction(), wanted.tables(), false, false, 1, wanted.patience());
        Verdict verdict = Verification.run(one, pair.sender, pair.receiver, new TestWatch());
        if (verdict instanceof Verdict.Verified verified) {
            return verified;
        }
        throw new IllegalStateException("the rows are equal, and yet: " + verdict);
    }
}
