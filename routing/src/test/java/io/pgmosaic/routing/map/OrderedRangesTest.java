package io.pgmosaic.routing.map;

import io.pgmosaic.routing.hash.RandomText;
import io.pgmosaic.routing.key.Key;
import io.pgmosaic.routing.key.KeyType;
import io.pgmosaic.routing.key.KeyValue;
import io.pgmosaic.routing.map.UnplacedKeyException.Reason;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class OrderedRangesTest {
    private static final List<String> SHARDS = List.of("a", "b", "c");

    private static OrderedRange numbers(@Nullable Long from, @Nullable Long until, String shard) {
        return new OrderedRange(
                from == null ? null : new KeyValue.Bigint(from),
                until == null ? null : new KeyValue.Bigint(until),
                shard);
    }

    private static OrderedRanges of(OrderedRange... ranges) {
        return new OrderedRanges(SHARDS, KeyType.BIGINT, List.of(ranges));
    }

    @ParameterizedTest
    @CsvSource({"-9223372036854775808,a", "-1,a", "0,b", "99,b", "100,c", "199,c"})
    void aRangeHoldsItsFirstValueAndNotItsEnd(long key, String owner) {
        ShardMap map = ShardMap.of(1, of(numbers(null, 0L, "a"), numbers(0L, 100L, "b"), numbers(100L, 200L, "c")));
        assertThat(map.ownerOf(key)).isEqualTo(owner);
        assertThat(map.ownerOf(Key.bigint(key))).isEqualTo(owner);
    }

    @ParameterizedTest
    @CsvSource({"-1", "-9223372036854775808", "200", "9223372036854775807"})
    void whatIsOutsideOfEveryRangeIsNobodysAndSaysSo(long key) {
        ShardMap map = ShardMap.of(1, of(numbers(0L, 100L, "b"), numbers(100L, 200L, "c")));
        for (UnplacedKeyException refused : List.of(
                catchThrowableOfType(UnplacedKeyException.class, () -> map.ownerOf(key)),
                catchThrowableOfType(UnplacedKeyException.class, () -> map.ownerOf(Key.bigint(key))))) {
            assertThat(refused.reason()).isEqualTo(Reason.OUTSIDE_RANGES);
            assertThat(refused).hasMessageContaining(Long.toString(key)).hasMessageContaining("0 to 200");
        }
    }

    @Test
    void textsAreInTheOrderOfTheirBytes() {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 20_000; i++) {
            String one = RandomText.next(random, 4);
            String other = RandomText.next(random, 4);
            int bytes = Arrays.compareUnsigned(
                    one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
            assertThat(Integer.signum(TextOrderTable.ORDER.compare(one, other)))
                    .as("%s and %s", one, other)
                    .isEqualTo(Integer.signum(bytes));
        }
        assertThat(TextOrderTable.ORDER.compare("\uE000", "\uD800\uDC00")).isNegative();
    }

    @Test
    void neighboursOfOneShardAreOneRange() {
        OrderedRanges ranges =
                of(numbers(null, 0L, "a"), numbers(0L, 5L, "a"), numbers(5L, 9L, "b"), numbers(9L, null, "a"));
        assertThat(ranges.rangesOf("a")).containsExactly(numbers(null, 5L, "a"), numbers(9L, null, "a"));
        assertThat(ranges.rangesOf("c")).isEmpty();
    }

    @Test
    void refusesGapsOverlapsAndNonsense() {
        refused("gap", numbers(0L, 10L, "a"), numbers(11L, 20L, "b"));
        refused("overlap", numbers(0L, 10L, "a"), numbers(9L, 20L, "b"));
        refused("overlap", numbers(0L, null, "a"), numbers(9L, 20L, "b"));
        refused("overlap", numbers(0L, 10L, "a"), numbers(null, 20L, "b"));
        refused("overlap", numbers(10L, 20L, "a"), numbers(0L, 10L, "b"));
        refused("ends before it begins", numbers(10L, 10L, "a"));
        refused("names shard z", numbers(null, null, "z"));
        refused("no range");
        refused("not one of BIGINT", new OrderedRange(new KeyValue.Text("x"), null, "a"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new OrderedRanges(SHARDS, KeyType.UUID, List.of(numbers(null, null, "a"))));
    }

    private static void refused(String why, OrderedRange... ranges) {
        assertThatIllegalArgumentException().isThrownBy(() -> of(ranges)).withMessageContaining(why);
    }
}
