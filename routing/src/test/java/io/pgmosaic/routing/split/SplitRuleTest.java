package io.pgmosaic.routing.split;

import io.pgmosaic.routing.key.Key;
import io.pgmosaic.routing.key.KeyColumn;
import io.pgmosaic.routing.key.KeySchema;
import io.pgmosaic.routing.key.KeyType;
import io.pgmosaic.routing.map.HashRanges;
import io.pgmosaic.routing.map.HashRing;
import io.pgmosaic.routing.map.ShardMap;
import io.pgmosaic.routing.recipe.GroupRecipe;
import io.pgmosaic.routing.recipe.MapRecipe;
import io.pgmosaic.routing.recipe.OverrideRecipe;
import io.pgmosaic.routing.recipe.PlacementRecipe;
import io.pgmosaic.routing.recipe.RangeRecipe;
import io.pgmosaic.routing.split.SplitRule.Cut;
import io.pgmosaic.routing.split.SplitRule.MovedKey;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

class SplitRuleTest {
    private static final long SEED = Long.getLong("pgmosaic.test.seed", 20_261_123L);
    private static final List<KeySchema> KEYS = List.of(KeySchema.of(new KeyColumn("id", KeyType.BIGINT)));

    private static MapRecipe recipe(PlacementRecipe placement) {
        return new MapRecipe(7, null, List.of(placement), List.of());
    }

    private static List<Cut> cut(Object... bounds) {
        List<String> texts = new ArrayList<>();
        for (Object bound : bounds) {
            texts.add(bound.toString());
        }
        return List.of(new Cut(null, 0, texts));
    }

    private static ShardMap compiled(MapRecipe recipe) {
        return recipe.compile(KEYS);
    }

    /** By hash or on a ring: every key of the source goes to the part that it is in, no other moves, and back again. */
    @Test
    void everyKeyMovesAsTheRuleSaysAndComesBack() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int round = 0; round < 100; round++) {
            List<String> names = List.of("a", "b", "c");
            boolean ring = random.nextBoolean();
            MapRecipe before = recipe(ring ? PlacementRecipe.ring(names, 16) : PlacementRecipe.evenHashRanges(names));
            List<Long> bounds = HashSplit.even(ring ? HashRing.of(names, 16) : HashRanges.even(names), "b", 3);
            boolean keeps = random.nextBoolean();
            SplitRule rule =
                    new SplitRule("b", List.of(keeps ? "b" : "b0", "b1", "b2"), cut(bounds.toArray()), List.of());
            MapRecipe after = rule.apply(before);
            MapRecipe undone = rule.undo(after);
            assertThat(after.version()).isEqualTo(8);
            assertThat(undone.version()).isEqualTo(9);
            assertThat(after.allShards()).doesNotHaveDuplicates().hasSize(5);
            assertThat(after.allShards().contains("b")).isEqualTo(keeps);
            assertThat(undone.allShards()).containsExactlyInAnyOrder("a", "b", "c");
            for (int i = 0; i < 300; i++) {
                Key key = Key.bigint(random.nextLong());
                String owner = compiled(before).ownerOf(key);
                long part = bounds.stream().filter(bound -> bound <= key.hash()).count();
                assertThat(compiled(after).ownerOf(key))
                        .as("seed " + SEED + ", round " + round)
                        .isEqualTo(owner.equals("b") ? rule.parts().get((int) part) : owner);
                assertThat(compiled(undone).ownerOf(key)).isEqualTo(owner);
            }
        }
    }

    @Test
    void valuesMoveByTheirOrder() {
        MapRecipe before = recipe(PlacementRecipe.orderedRanges(
                KeyType.BIGINT, List.of(new RangeRecipe(null, "100", "a"), new RangeRecipe("100", null, "b"))));
        SplitRule rule = new SplitRule("b", List.of("b", "new"), cut("1000"), List.of());
        MapRecipe after = rule.apply(before);
        assertThat(compiled(after).ownerOf(Key.bigint(999))).isEqualTo("b");
        assertThat(compiled(after).ownerOf(Key.bigint(1000))).isEqualTo("new");
        assertThat(rule.undo(after).placements()).isEqualTo(before.placements());
    }

    @Test
    void aTenantMovesToAShardOfItsOwn() {
        MapRecipe before = new MapRecipe(
                7,
                null,
                List.of(PlacementRecipe.evenHashRanges(List.of("a", "b"))),
                List.of(new OverrideRecipe(List.of("5"), "a")));
        SplitRule rule =
                new SplitRule("a", List.of("vip"), List.of(), List.of(new MovedKey(null, List.of("42"), "vip")));
        MapRecipe after = rule.apply(before);
        assertThat(compiled(after).ownerOf(Key.bigint(42))).isEqualTo("vip");
        assertThat(compiled(after).ownerOf(Key.bigint(43)))
                .isEqualTo(compiled(before).ownerOf(Key.bigint(43)));
        assertThat(rule.undo(after)).isEqualTo(new MapRecipe(9, null, before.placements(), before.overrides()));
        SplitRule taken =
                new SplitRule("a", List.of("vip"), List.of(), List.of(new MovedKey(null, List.of("5"), "vip")));
        assertThatThrownBy(() -> taken.apply(before)).hasMessageContaining("[5] is on shard a by an override");
    }

    @Test
    void eachGroupIsCutWhereItIsTold() {
        MapRecipe before = new MapRecipe(
                7,
                null,
                List.of(PlacementRecipe.evenHashRanges(List.of("a", "b"))),
                List.of(),
                List.of(new GroupRecipe(
                        "log", null, List.of(PlacementRecipe.evenHashRanges(List.of("b", "a"))), List.of())));
        List<String> parts = List.of("a", "a1");
        SplitRule rule = new SplitRule(
                "a", parts, List.of(new Cut(null, 0, List.of("-5")), new Cut("log", 0, List.of("5"))), List.of());
        MapRecipe after = rule.apply(before);
        assertThat(after.placements().getFirst().ranges())
                .extracting(RangeRecipe::from, RangeRecipe::shard)
                .containsExactly(tuple(Long.toString(Long.MIN_VALUE), "a"), tuple("-5", "a1"), tuple("0", "b"));
        assertThat(after.of("log").placements().getFirst().ranges())
                .extracting(RangeRecipe::from)
                .containsExactly(Long.toString(Long.MIN_VALUE), "0", "5");
        SplitRule incomplete = new SplitRule("a", parts, cut("-5"), List.of());
        assertThatThrownBy(() -> incomplete.apply(before)).hasMessageContaining("placement 0 of the group log");
    }

    @Test
    void whatCannotBeIsRefusedWithTheReason() {
        MapRecipe map = recipe(PlacementRecipe.evenHashRanges(List.of("a", "b")));
        assertThatThrownBy(() -> new SplitRule("a", List.of("a"), List.of(), List.of()))
                .hasMessageContaining("nothing would leave shard a");
        assertThatThrownBy(() -> new SplitRule("a", List.of("x"), List.of(), List.of()))
                .hasMessageContaining("says which keys");
        assertThatThrownBy(() -> new SplitRule("a", List.of("x", "x"), List.of(), List.of()))
                .hasMessageContaining("name each once");
        assertThatThrownBy(() -> new SplitRule("a", List.of("a", "b"), cut("-5"), List.of()).apply(map))
                .hasMessageContaining("shard b is in the map already");
        assertThatThrownBy(() -> new SplitRule("a", List.of("a", "x"), cut("5"), List.of()).apply(map))
                .hasMessageContaining("the part for shard x would have nothing");
        assertThatThrownBy(() ->
                        new SplitRule("a", List.of("a", "x"), cut(Long.toString(Long.MIN_VALUE)), List.of()).apply(map))
                .hasMessageContaining("the part for shard a would have nothing");
        assertThatThrownBy(() -> new SplitRule("a", List.of("a", "x"), cut("five"), List.of()).apply(map))
                .hasMessageContaining("a split point");
    }
}
