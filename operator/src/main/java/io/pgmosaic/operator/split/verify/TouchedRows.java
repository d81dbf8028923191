package io.pgmosaic.operator.split.verify;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Rows that were written around the marker, and may look different for that alone: found by who wrote them, without
 * hashing a row. Taken out of the sums of both sides one by one, they spare a second pass over a table in which nothing else differs.
 */
final class TouchedRows {
    private static final int MOST = 5_000;

    private final MeetingPoint point;
    private final TableQueries ofSender;
    private final TableQueries ofReceiver;
    private final long[] blocks;

    TouchedRows(MeetingPoint point, TableQueries ofSender, TableQueries ofReceiver, long[] blocks) {
        this.point = point;
        this.ofSender = ofSender;
        this.ofReceiver = ofReceiver;
        this.blocks = blocks;
    }

    /**
     * Takes them out of the sums, and gives the keys of those that are not the same on both sides; empty, with the sums as they
     * were, when there are too many.
     */
    Optional<Set<RowKey>> takeOut(BucketSums here, BucketSums there, Meter meter)
            throws SQLException, InterruptedException {
        Set<RowKey> keys = ConcurrentHashMap.newKeySet();
        new Scan(meter)
                .run(
                        point.sender(),
                        collecting(ofSender, point.touchedHere(), keys),
                        point.receiver(),
                        collecting(ofReceiver, point.touchedThere(), keys),
                        blocks);
        if (keys.size() > MOST) {
            return Optional.empty();
        }
        Set<RowKey> unequal = new HashSet<>();
        List<RowKey> all = List.copyOf(keys);
        Set<RowKey> taken = new HashSet<>();
        for (int from = 0; from < all.size(); from += Recheck.ROWS_AT_ONCE) {
            List<RowKey> some = all.subList(from, Math.min(all.size(), from + Recheck.ROWS_AT_ONCE));
            Map<RowKey, Rows> sent = Rows.read(point.sender().first(), ofSender, some);
            Map<RowKey, Rows> received = Rows.read(point.receiver().first(), ofReceiver, some);
            Set<RowKey> found = new HashSet<>(sent.keySet());
            found.addAll(received.keySet());
            // What is one key to the database can be two to us, and be found twice.
            found.removeIf(key -> !taken.add(key));
            for (RowKey key : found) {
                Rows mine = sent.get(key);
                Rows theirs = received.get(key);
                if (mine != null) {
                    here.takeOut(mine);
                }
                if (theirs != null) {
                    there.takeOut(theirs);
                }
                if (mine == null || theirs == null || !mine.isSame(theirs)) {
                    unequal.add(key);
                }
            }
        }
        return Optional.of(unequal);
    }

    private static Scan.Side collecting(TableQueries queries, String touched, Set<RowKey> keys) {
        return new Scan.Side() {
            @Override
            public String query(Blocks blocks) {
                return queries.keys(blocks, touched, MOST + 1);
            }

            @Override
            public long take(ResultSet rows) throws SQLException {
                while (rows.next() && keys.size() <= MOST) {
                    List<String> values = new ArrayList<>();
                    for (int i = 1; i <= queries.shape().key().size(); i++) {
                        values.add(rows.getString(i));
                    }
                    keys.add(new RowKey(values));
                }
                return 0;
            }
        };
    }
}
