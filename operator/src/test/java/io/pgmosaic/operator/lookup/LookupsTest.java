package io.pgmosaic.operator.lookup;

import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.upkeep.ShardRounds;
import io.pgmosaic.routing.map.HashRanges;
import io.pgmosaic.routing.map.ShardMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;

/** How much one look at a shard ends. */
class LookupsTest {
    private static final int LEFT = 2 * Reservations.AT_ONCE + 1;

    private TwoShards shards;

    @BeforeEach
    void leaveMany() throws SQLException {
        shards = new TwoShards(ShardMap.of(1, HashRanges.even(List.of("s0", "s1"))));
        List<String> values = IntStream.iterate(0, number -> number + 1)
                .mapToObj(number -> "user" + number + "@x")
                .filter(value -> TwoShards.home(value).equals("s0"))
                .limit(LEFT)
                .toList();
        shards.execute(
                "s0",
                "INSERT INTO mosaic.lookup_entries (idx, value, key, number, shard, settled, reserved_at)"
                        + " SELECT 'by-email', value, n::text, n, 's1', false, now() - interval '1 day' FROM unnest('{"
                        + String.join(",", values) + "}'::text[]) WITH ORDINALITY AS given (value, n)");
    }

    @Test
    void oneLookEndsAllThatThereIsBatchByBatch() throws SQLException {
        finish(() -> true);
        assertThat(left()).isZero();
    }

    @Test
    void whoLeadsNoMoreEndsAfterTheBatch() throws SQLException {
        AtomicInteger asked = new AtomicInteger();
        finish(() -> asked.incrementAndGet() == 1);
        assertThat(left()).isEqualTo(LEFT - Reservations.AT_ONCE);
        finish(() -> false);
        assertThat(left()).isEqualTo(LEFT - Reservations.AT_ONCE);
    }

    private void finish(BooleanSupplier leads) throws SQLException {
        Lookups.finish(shards.reservations(), new ShardRounds.Place(new ClusterKey("shop", "orders"), "s0"), leads);
    }

    private int left() throws SQLException {
        return Integer.parseInt(shards.one("s0", "SELECT count(*) FROM mosaic.lookup_entries"));
    }
}
