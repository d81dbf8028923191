package io.pgmosaic.operator.split.verify;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Finds the rows of a table that look different at a meeting point: sums of all rows first, then, where sums differ, row by row.
 * A changed row is in two buckets, by its hash here and by the one there.
 */
final class TableSearch {
    /** So many rows are in a bucket as can be listed without much ado, if there are not too many buckets for that. */
    private static final long ROWS_A_BUCKET = 1_024;

    /** A guess. */
    private static final long ROWS_A_BLOCK = 64;

    private static final int MOST_BUCKETS = 4_096;

    /** Of each side, in memory. */
    private static final long MOST_LISTED = 200_000;

    /** How many are told; whoever has more has another problem. */
    private static final int MOST_SUSPECTS = 2_000;

    /**
     * @param rows that were compared
     * @param suspects keys of rows that look different
     * @param isComplete whether all of them are known
     */
    record Found(long rows, List<RowKey> suspects, boolean isComplete) {}

    private static final class Tally {
        private long count;
        private long sum;

        void add(int sign, long hash) {
            count += sign;
            sum += sign * hash;
        }

        boolean isEven() {
            return count == 0 && sum == 0;
        }
    }

    private final MeetingPoint point;
    private final TableQueries ofSender;
    private final TableQueries ofReceiver;
    private final Meter meter;
    private final long[] blocks;

    TableSearch(MeetingPoint point, TableQueries ofSender, TableQueries ofReceiver, Meter meter) throws SQLException {
        this.point = point;
        this.ofSender = ofSender;
        this.ofReceiver = ofReceiver;
        this.meter = meter;
        // After the snapshots were taken: what they show is in these blocks.
        blocks = new long[] {
            Scan.blocks(point.sender().first(), ofSender),
            Scan.blocks(point.receiver().first(), ofReceiver)
        };
    }

    Found search() throws SQLException, InterruptedException {
        meter.begin(ofSender.shape().table().qualifiedName(), blocks[0] + blocks[1]);
        int buckets = buckets(ROWS_A_BLOCK * Math.max(blocks[0], blocks[1]));
        BucketSums here = new BucketSums(buckets);
        BucketSums there = new BucketSums(buckets);
        new Scan(meter)
                .run(
                        point.sender(),
                        summing(ofSender, buckets, here),
                        point.receiver(),
                        summing(ofReceiver, buckets, there),
                        blocks);
        long rows = here.rows();
        List<Integer> differing = here.differing(there);
        if (differing.isEmpty()) {
            return new Found(rows, List.of(), true);
        }
        Set<RowKey> suspects = new TouchedRows(point, ofSender, ofReceiver, blocks)
                .takeOut(here, there, meter.silent())
                .orElse(Set.of());
        differing = here.differing(there);
        if (differing.isEmpty()) {
            return new Found(rows, List.copyOf(suspects), true);
        }
        long each = Math.max(1, rows / buckets);
        int listed = (int) Math.min(differing.size(), Math.max(1, MOST_LISTED / 2 / each));
        return list(rows, buckets, differing.subList(0, listed), suspects, listed == differing.size());
    }

    private static int buckets(long rows) {
        long wanted = Math.clamp(rows / ROWS_A_BUCKET, 1, MOST_BUCKETS);
        return Math.toIntExact(Long.highestOneBit(2 * wanted - 1));
    }

    private static Scan.Side summing(TableQueries queries, int buckets, BucketSums sums) {
        return side(blocks -> queries.sums(blocks, buckets), rows -> {
            long count = 0;
            while (rows.next()) {
                BigDecimal sum = rows.getBigDecimal(3);
                sums.add(rows.getInt(1), rows.getLong(2), sum.toBigInteger());
                count += rows.getLong(2);
            }
            return count;
        });
    }

    private Found list(long rows, int buckets, List<Integer> wanted, Set<RowKey> known, boolean isAll)
            throws SQLException, InterruptedException {
        Map<RowKey, Tally> tallies = new HashMap<>();
        Set<Boolean> cut = new HashSet<>();
        // The table's progress is told already.
        new Scan(meter.silent())
                .run(
                        point.sender(),
                        listing(ofSender, buckets, wanted, tallies, 1, cut),
                        point.receiver(),
                        listing(ofReceiver, buckets, wanted, tallies, -1, cut),
                        blocks);
        Set<RowKey> all = new LinkedHashSet<>(known);
        tallies.forEach((key, tally) -> {
            if (!tally.isEven()) {
                all.add(key);
            }
        });
        List<RowKey> suspects = List.copyOf(all);
        boolean isFew = suspects.size() <= MOST_SUSPECTS;
        return new Found(rows, isFew ? suspects : suspects.subList(0, MOST_SUSPECTS), isAll && isFew && cut.isEmpty());
    }

    private static Scan.Side listing(
            TableQueries queries,
            int buckets,
            List<Integer> wanted,
            Map<RowKey, Tally> tallies,
            int sign,
            Set<Boolean> cut) {
        return side(blocks -> queries.rows(blocks, buckets, wanted, MOST_LISTED), rows -> {
            long count = 0;
            while (rows.next()) {
                List<String> values = new ArrayList<>();
                for (int i = 0; i < queries.shape().key().size(); i++) {
                    values.add(rows.getString(2 + i));
                }
                synchronized (tallies) {
                    if (tallies.size() >= 2 * MOST_LISTED) {
                        cut.add(true);
                        break;
                    }
                    tallies.computeIfAbsent(new RowKey(values), key -> new Tally())
                            .add(sign, rows.getLong(1));
                }
                count++;
            }
            return count;
        });
    }

    private interface Taking {
        long take(ResultSet rows) throws SQLException;
    }

    private static Scan.Side side(Function<Blocks, String> query, Taking taking) {
        return new Scan.Side() {
            @Override
            public String query(Blocks blocks) {
                return query.apply(blocks);
            }

            @Override
            public long take(ResultSet rows) throws SQLException {
                return taking.take(rows);
            }
        };
    }
}
