package io.pgmosaic.operator.split.verify;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Number and sum of the hashes of a table's rows, by the last bits of the hash; in whatever order and parts they are added. */
final class BucketSums {
    private final long[] rows;
    private final BigInteger[] sums;

    BucketSums(int buckets) {
        rows = new long[buckets];
        sums = new BigInteger[buckets];
        Arrays.fill(sums, BigInteger.ZERO);
    }

    synchronized void add(int bucket, long count, BigInteger sum) {
        rows[bucket] += count;
        sums[bucket] = sums[bucket].add(sum);
    }

    /** Rows of one key. Where there are several, which should not be, their buckets are not known: then the sums stay different. */
    synchronized void takeOut(Rows row) {
        if (row.count() == 1) {
            add(
                    (int) (row.hash() & (rows.length - 1)),
                    -1,
                    BigInteger.valueOf(row.hash()).negate());
        }
    }

    synchronized long rows() {
        return Arrays.stream(rows).sum();
    }

    synchronized List<Integer> differing(BucketSums other) {
        List<Integer> differing = new ArrayList<>();
        for (int i = 0; i < rows.length; i++) {
            if (rows[i] != other.rows[i] || !sums[i].equals(other.sums[i])) {
                differing.add(i);
            }
        }
        return differing;
    }
}
