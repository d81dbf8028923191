package io.pgmosaic.routing.map;

import io.pgmosaic.routing.key.InvalidKeyException;
import io.pgmosaic.routing.key.Key;
import io.pgmosaic.routing.key.KeyColumn;
import io.pgmosaic.routing.key.KeySchema;
import io.pgmosaic.routing.key.KeyType;
import org.junit.jupiter.api.Test;

import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

class ShardMapTest {
    private static final HashRanges RANGES = HashRanges.even(List.of("a", "b"));

    /** Two bigints of one hash: the fold drops the upper half of what it is exclusive-ored with. */
    private static final long TWIN = 42;

    private static final long OTHER_TWIN = (1L << 32) | (42 ^ 1);

    @Test
    void anOverriddenKeyLivesElsewhere() {
        ShardMap map = ShardMap.of(
                3,
                RANGES,
                List.of(new KeyOverride(Key.bigint(TWIN), "a"), new KeyOverride(Key.text("user_12345"), "a")));
        assertThat(map.version()).isEqualTo(3);
        assertThat(map.ownerOf(TWIN)).isEqualTo("a");
        assertThat(map.ownerOf(Key.bigint(TWIN))).isEqualTo("a");
        assertThat(map.ownerOf(Key.text("user_12345"))).isEqualTo("a");
        assertThat(map.ownerOf(Key.text("42")))
                .isEqualTo(map.shardFor(Key.text("42").hash()));
    }

    @Test
    void anOverrideHoldsForItsKeyAloneNotForItsHash() {
        assertThat(Key.bigint(OTHER_TWIN).hash()).isEqualTo(Key.bigint(TWIN).hash());
        ShardMap map = ShardMap.of(1, RANGES, List.of(new KeyOverride(Key.bigint(TWIN), "a")));
        assertThat(map.ownerOf(OTHER_TWIN)).isEqualTo("b");
        ShardMap both = ShardMap.of(
                1,
                RANGES,
                List.of(new KeyOverride(Key.bigint(TWIN), "b"), new KeyOverride(Key.bigint(OTHER_TWIN), "a")));
        assertThat(both.ownerOf(TWIN)).isEqualTo("b");
        assertThat(both.ownerOf(OTHER_TWIN)).isEqualTo("a");
    }

    @Test
    void refusesOverridesThatContradictOrNameNoShard() {
        KeyOverride override = new KeyOverride(Key.bigint(1), "a");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ShardMap.of(1, RANGES, List.of(override, new KeyOverride(Key.bigint(1), "b"))))
                .withMessageContaining("overridden twice");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ShardMap.of(1, RANGES, List.of(new KeyOverride(Key.bigint(1), "z"))))
                .withMessageContaining("names shard z");
        assertThatIllegalArgumentException().isThrownBy(() -> ShardMap.of(-1, RANGES));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ShardMap.of(1, RANGES).segmentsOf("z"));
    }

    @Test
    void writtenOverridesHoldForEveryKindOfKeyTheyCanBe() {
        KeySchema number = KeySchema.of(new KeyColumn("id", KeyType.BIGINT));
        KeySchema name = KeySchema.of(new KeyColumn("name", KeyType.TEXT));
        assertThat(KeyOverride.parse(List.of("42"), "a", List.of(number, name, number)))
                .extracting(KeyOverride::key)
                .containsExactly(Key.bigint(42), Key.text("42"));
        assertThat(KeyOverride.parse(List.of("x"), "a", List.of(number, name)))
                .extracting(KeyOverride::key)
                .containsExactly(Key.text("x"));
        assertThatExceptionOfType(InvalidKeyException.class)
                .isThrownBy(() -> KeyOverride.parse(List.of("x"), "a", List.of(number)));
    }

    @Test
    void differenceNamesWhatMovesFromWhomToWhom() {
        ShardMap before = ShardMap.of(1, RANGES);
        ShardMap after = ShardMap.of(
                2,
                new HashRanges(
                        List.of("a", "b", "c"),
                        List.of(
                                new HashRange(Long.MIN_VALUE, "a"),
                                new HashRange(0, "b"),
                                new HashRange(1L << 62, "c"))));
        assertThat(MapDifference.between(before, after).moves())
                .containsExactly(new MapDifference.Move(
                        null,
                        TimeSpan.ALWAYS,
                        "b",
                        "c",
                        new MapDifference.Hashes(List.of(new Segment(1L << 62, Long.MAX_VALUE)))));
        assertThat(MapDifference.between(before, after).share().orElseThrow()).isCloseTo(0.25, within(1e-12));
        assertThat(MapDifference.between(before, before).moves()).isEmpty();
        ShardMap swapped = ShardMap.of(2, HashRanges.even(List.of("b", "a")));
        assertThat(MapDifference.between(before, swapped).share()).hasValue(1.0);
    }
}
