package io.pgmosaic.router.limits;

import io.pgmosaic.protocol.topology.RateLimit;
import io.pgmosaic.protocol.topology.RateLimit.Algorithm;
import io.pgmosaic.router.hotkeys.HotKeys;
import io.pgmosaic.routing.key.Key;
import io.pgmosaic.routing.key.KeyColumn;
import io.pgmosaic.routing.key.KeyType;
import io.pgmosaic.routing.map.RowSchema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

class KeyLimitsTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final RowSchema BIGINT = RowSchema.of(new KeyColumn("id", KeyType.BIGINT));
    private static final RateLimit TEN = new RateLimit(null, List.of(), Algorithm.TOKEN_BUCKET, 10, 1_000, 10);
    private static final RateLimit VIP =
            new RateLimit("public.orders", List.of(List.of("42")), Algorithm.TOKEN_BUCKET, 100, 1_000, 100);

    private final HotKeys hotKeys = new HotKeys(1_000, (table, keys) -> {});
    private final KeyLimits limits = new KeyLimits();

    private boolean take(List<RateLimit> told, String table, long key, long now) {
        limits.declare(told, now);
        double lately = hotKeys.add(table, Key.bigint(key), now);
        return limits.take(table, BIGINT, Key.bigint(key), lately, now) == null;
    }

    private int taken(List<RateLimit> told, String table, long key, int times) {
        int taken = 0;
        for (int i = 0; i < times; i++) {
            taken += take(told, table, key, SECOND) ? 1 : 0;
        }
        return taken;
    }

    @Test
    void countsEachKeyOfEachTableByItself() {
        List<RateLimit> told = List.of(TEN);
        // Up to half of the burst is given before the sketch says that the key may be near its limit.
        assertThat(taken(told, "public.orders", 1, 100)).isBetween(10, 15);
        assertThat(taken(told, "public.orders", 2, 100)).isBetween(10, 15);
        assertThat(taken(told, "public.items", 1, 100)).isBetween(10, 15);
        assertThat(limits.size()).isEqualTo(3);
        assertThat(limits.refused()).isBetween(255.0, 270.0);
        assertThat(take(told, "public.orders", 1, SECOND + SECOND / 5)).isTrue();
    }

    @Test
    void goesByTheFirstLimitThatIsForAKey() {
        List<RateLimit> told = List.of(VIP, TEN);
        assertThat(taken(told, "public.orders", 42, 1_000)).isBetween(100, 150);
        assertThat(taken(told, "public.orders", 43, 1_000)).isBetween(10, 15);
        assertThat(taken(told, "public.items", 42, 1_000)).isBetween(10, 15);
    }

    @Test
    void keepsWhatItCountedWhenOthersChange() {
        taken(List.of(TEN), "public.orders", 1, 100);
        assertThat(taken(List.of(VIP, TEN), "public.orders", 1, 100)).isZero();
        RateLimit eleven = new RateLimit(null, List.of(), Algorithm.TOKEN_BUCKET, 11, 1_000, 11);
        assertThat(taken(List.of(VIP, eleven), "public.orders", 1, 100)).isPositive();
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void aLimitThatIsRaisedOrLoweredHoldsAtOnceAndGivesNothingAnew(Algorithm algorithm) {
        RateLimit ten = new RateLimit(null, List.of(), algorithm, 10, 3_600_000, 10);
        RateLimit twelve = new RateLimit(null, List.of(), algorithm, 12, 3_600_000, 12);
        RateLimit four = new RateLimit(null, List.of(), algorithm, 4, 3_600_000, 4);
        taken(List.of(ten), "public.orders", 1, 100);
        assertThat(taken(List.of(twelve), "public.orders", 1, 100)).as("raised").isEqualTo(2);
        assertThat(taken(List.of(four), "public.orders", 1, 100)).as("lowered").isZero();
        assertThat(taken(List.of(twelve), "public.orders", 1, 100))
                .as("no more by a change to and fro")
                .isLessThanOrEqualTo(algorithm == Algorithm.TOKEN_BUCKET ? 8 : 0);
    }

    @Test
    void dividesTheRoomForKeysAnewWhenLimitsCome() {
        fill(List.of(TEN), "public.orders");
        fill(List.of(VIP, TEN), "public.items");
        assertThat(limits.size()).isLessThanOrEqualTo(5_000);
        fill(List.of(TEN), "public.items");
        assertThat(limits.size()).isBetween(9_000, 10_000);
    }

    private void fill(List<RateLimit> told, String table) {
        limits.declare(told, SECOND);
        for (int key = 0; key < 50_000; key++) {
            limits.take(table, BIGINT, Key.bigint(key), Double.POSITIVE_INFINITY, SECOND);
        }
    }

    @Test
    void takesNoMemoryForKeysFarBelowTheirLimitAndBoundsTheRest() {
        for (int key = 0; key < 900; key++) {
            assertThat(take(List.of(TEN), "public.orders", key, SECOND)).isTrue();
        }
        assertThat(limits.size()).isZero();
        for (int key = 0; key < 50_000; key++) {
            Key wanted = Key.bigint(key);
            limits.take("public.orders", BIGINT, wanted, Double.POSITIVE_INFINITY, SECOND);
        }
        assertThat(limits.size()).isLessThanOrEqualTo(10_000);
    }

    @Test
    void forgetsKeysThatHaveTheirWholeAllowance() {
        taken(List.of(TEN), "public.orders", 1, 20);
        for (int key = 100; key < 300; key++) {
            limits.take("public.orders", BIGINT, Key.bigint(key), Double.POSITIVE_INFINITY, (key - 98L) * 10 * SECOND);
        }
        assertThat(limits.size()).isLessThan(20);
    }

    @Test
    void tellsWhichLimitAndWhen() {
        limits.declare(List.of(TEN), SECOND);
        KeyLimits.@Nullable Excess excess = null;
        for (int i = 0; i < 11; i++) {
            excess = limits.take("public.orders", BIGINT, Key.bigint(1), Double.POSITIVE_INFINITY, SECOND);
        }
        assertThat(excess).isEqualTo(new KeyLimits.Excess(TEN, SECOND / 10));
    }
}
