package io.pgmosaic.routing.hash;

import io.pgmosaic.routing.key.Key;
import io.pgmosaic.routing.key.KeyType;
import io.pgmosaic.routing.key.KeyValue;
import io.pgmosaic.testing.ThrowawayPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.IntFunction;

import static org.assertj.core.api.Assertions.assertThat;

/** Our numbers against those of a real server, over random keys and seeds. */
class HashDifferentialTest {
    private static final int KEYS = 100_000;
    private static final int BATCH = 10_000;
    private static final long SEED = Long.getLong("pgmosaic.test.seed", 20_260_101L);
    private static Connection connection;

    private final SplittableRandom random = new SplittableRandom(SEED);

    @BeforeAll
    static void connect() throws SQLException {
        connection = ThrowawayPostgres.shared().connect("postgres");
    }

    @AfterAll
    static void disconnect() throws SQLException {
        connection.close();
    }

    @Test
    void bigint() throws SQLException {
        long[] edges = {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, Integer.MIN_VALUE, Integer.MAX_VALUE, 1L << 32};
        IntFunction<Long> value = i -> i < edges.length ? edges[i] : random.nextLong() >> random.nextInt(Long.SIZE);
        for (int done = 0; done < KEYS; done += BATCH) {
            int from = done;
            agree(
                    "hashint8extended(k, seed)",
                    "int8",
                    fill(new Long[BATCH], i -> value.apply(from + i)),
                    PostgresHash::bigint);
        }
    }

    @Test
    void integerAndSmallintHashAsBigint() throws SQLException {
        Long[] integers = fill(new Long[BATCH], i -> (long) random.nextInt());
        agree("hashint4extended(k::int4, seed)", "int8", integers, PostgresHash::bigint);
        Long[] smallints = fill(new Long[BATCH], i -> (long) (short) random.nextInt());
        agree("hashint2extended(k::int2, seed)", "int8", smallints, PostgresHash::bigint);
    }

    @Test
    void text() throws SQLException {
        String hash = "hashtextextended(k COLLATE \"C\", seed)";
        for (int done = 0; done < KEYS; done += BATCH) {
            String[] keys = fill(new String[BATCH], i -> RandomText.next(random, i % 100 == 0 ? 1000 : 40));
            agree(hash, "text", keys, PostgresHash::text);
        }
        agree(hash, "text", fill(new String[60], i -> "x".repeat(i)), PostgresHash::text);
        agree(hash, "text", fill(new String[60], i -> "é".repeat(i)), PostgresHash::text);
        agree(hash, "text", fill(new String[40], i -> RandomText.next(random, 100_000)), PostgresHash::text);
    }

    @Test
    void uuid() throws SQLException {
        for (int done = 0; done < KEYS; done += BATCH) {
            UUID[] keys = fill(new UUID[BATCH], i -> new UUID(random.nextLong(), random.nextLong()));
            keys[0] = new UUID(0, 0);
            keys[1] = new UUID(-1, -1);
            agree("uuid_hash_extended(k, seed)", "uuid", keys, PostgresHash::uuid);
        }
    }

    @Test
    void timestamp() throws SQLException {
        KeyValue.Timestamp[] times = fill(new KeyValue.Timestamp[BATCH], i -> RandomTime.next(random));
        String[] written = fill(new String[BATCH], i -> times[i].text());
        agree(
                "timestamp_hash_extended(timezone('UTC', k::timestamptz), seed)",
                "text",
                written,
                (text, seed) -> KeyType.TIMESTAMPTZ.parse(text).hash(seed));
    }

    @Test
    void compoundKeyIsTheChain() throws SQLException {
        String sql = "SELECT uuid_hash_extended(c, hashtextextended(b COLLATE \"C\", hashint8extended(a, 0)))"
                + " FROM unnest(?::int8[], ?::text[], ?::uuid[]) WITH ORDINALITY AS t(a, b, c, n) ORDER BY n";
        for (int done = 0; done < KEYS; done += BATCH) {
            Long[] first = fill(new Long[BATCH], i -> random.nextLong());
            String[] second = fill(new String[BATCH], i -> RandomText.next(random, 20));
            UUID[] third = fill(new UUID[BATCH], i -> new UUID(random.nextLong(), random.nextLong()));
            long[] theirs = query(sql, array("int8", first), array("text", second), array("uuid", third));
            for (int i = 0; i < BATCH; i++) {
                Key key = Key.of(
                        new KeyValue.Bigint(first[i]), new KeyValue.Text(second[i]), new KeyValue.Uuid(third[i]));
                assertThat(key.hash()).as("seed %d, %s", SEED, key).isEqualTo(theirs[i]);
            }
        }
    }

    private interface Hash<T> {
        long of(T key, long seed);
    }

    private <T> void agree(String expression, String type, T[] keys, Hash<T> ours) throws SQLException {
        Long[] seeds = fill(new Long[keys.length], i -> i % 4 == 0 ? 0 : random.nextLong());
        String sql = "SELECT " + expression + " FROM unnest(?::" + type
                + "[], ?::int8[]) WITH ORDINALITY AS t(k, seed, n) ORDER BY n";
        long[] theirs = query(sql, array(type, keys), array("int8", seeds));
        assertThat(theirs).hasSameSizeAs(keys);
        for (int i = 0; i < keys.length; i++) {
            if (ours.of(keys[i], seeds[i]) != theirs[i]) {
                throw new AssertionError("test seed %d: %s of %s with seed %d is %d, not %d"
                        .formatted(SEED, expression, keys[i], seeds[i], theirs[i], ours.of(keys[i], seeds[i])));
            }
        }
    }

    private static Array array(String type, Object[] values) throws SQLException {
        return connection.createArrayOf(type, values);
    }

    private static long[] query(String sql, Array... arrays) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < arrays.length; i++) {
                statement.setArray(i + 1, arrays[i]);
            }
            long[] hashes = new long[BATCH];
            int count = 0;
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    hashes[count++] = result.getLong(1);
                }
            }
            return Arrays.copyOf(hashes, count);
        }
    }

    private static <T> T[] fill(T[] target, IntFunction<T> value) {
        Arrays.setAll(target, value);
        return target;
    }
}
