package io.pgmosaic.routing.split;

import io.pgmosaic.routing.key.InvalidKeyException;
import io.pgmosaic.routing.key.KeyType;
import io.pgmosaic.routing.key.KeyValue;
import io.pgmosaic.routing.map.HashRanges;
import io.pgmosaic.routing.map.HashRing;
import io.pgmosaic.routing.map.OrderedRanges;
import io.pgmosaic.routing.recipe.GroupRecipe;
import io.pgmosaic.routing.recipe.MapRecipe;
import io.pgmosaic.routing.recipe.OverrideRecipe;
import io.pgmosaic.routing.recipe.PlacementRecipe;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Which of a shard's keys go to which shard, and what that makes of a map.
 *
 * @param source whose keys move
 * @param parts the shards that have them afterwards, in the order of hashes or values; the source may be among them. A single one,
 *     which is not the source, takes {@code keys} and nothing else
 * @param cuts where the parts begin, for each placement in which the source owns anything; none with a single part
 * @param keys that go to a part whatever their hash
 */
public record SplitRule(String source, List<String> parts, List<Cut> cuts, List<MovedKey> keys) {
    /**
     * Where the parts of one placement begin.
     *
     * @param group of tables; null for the tables of none
     * @param placement its place in the list of the recipe, from 0
     * @param bounds the first hash or value of each part but the first, as text
     */
    public record Cut(@Nullable String group, int placement, List<String> bounds) {
        public Cut {
            bounds = List.copyOf(bounds);
        }
    }

    /**
     * A key that goes to a shard of its own choice.
     *
     * @param group of the tables that have it; null for those of none
     * @param key a text for each column
     */
    public record MovedKey(@Nullable String group, List<String> key, String shard) {
        public MovedKey {
            key = List.copyOf(key);
        }
    }

    /** @throws IllegalArgumentException when it says nothing, or contradicts itself */
    public SplitRule {
        parts = List.copyOf(parts);
        cuts = List.copyOf(cuts);
        keys = List.copyOf(keys);
        if (new LinkedHashSet<>(parts).size() < parts.size()) {
            throw new IllegalArgumentException("a shard is named as two targets: name each once");
        }
        if (parts.equals(List.of(source)) || parts.isEmpty()) {
            throw new IllegalArgumentException(
                    "nothing would leave shard " + source + ": name a target that is another shard");
        }
        if (parts.size() == 1 && keys.isEmpty()) {
            throw new IllegalArgumentException(
                    "a split into one target moves nothing unless it says which keys: name them, or two targets");
        }
        for (MovedKey key : keys) {
            if (!parts.contains(key.shard()) || key.shard().equals(source)) {
                throw new IllegalArgumentException(
                        "key " + key.key() + " moves to shard " + key.shard() + ", which is no target but the source");
            }
        }
    }

    /** The shards that the split makes. */
    public List<String> targets() {
        return parts.stream().filter(part -> !part.equals(source)).toList();
    }

    /** Whether the source keeps what it is not told to give away. */
    public boolean keepsSource() {
        return parts.size() == 1 || parts.contains(source);
    }

    /**
     * The map after the split, one version later.
     *
     * @throws IllegalArgumentException when the map does not allow it; the message is for a person
     */
    public MapRecipe apply(MapRecipe present) {
        present.allShards().stream().filter(targets()::contains).findFirst().ifPresent(known -> {
            throw new IllegalArgumentException("shard " + known + " is in the map already: name a new shard");
        });
        return changed(present, new Change() {
            @Override
            public List<PlacementRecipe> placements(@Nullable String group, List<PlacementRecipe> placements) {
                List<PlacementRecipe> after = new ArrayList<>();
                for (int i = 0; i < placements.size(); i++) {
                    after.add(divided(group, i, placements.get(i)));
                }
                return after;
            }

            @Override
            public List<OverrideRecipe> overrides(@Nullable String group, List<OverrideRecipe> overrides) {
                return withKeys(group, overrides);
            }
        });
    }

    /**
     * The map when all that the targets have is the source's again, one version later. A ring stays the ranges that it became.
     *
     * @param present one to which {@link #apply} led, whatever happened to other shards since
     */
    public MapRecipe undo(MapRecipe present) {
        List<String> targets = targets();
        return changed(present, new Change() {
            @Override
            public List<PlacementRecipe> placements(@Nullable String group, List<PlacementRecipe> placements) {
                return placements.stream()
                        .map(placement -> PlacementParts.joined(placement, targets, source))
                        .toList();
            }

            @Override
            public List<OverrideRecipe> overrides(@Nullable String group, List<OverrideRecipe> overrides) {
                return overrides.stream()
                        .filter(override -> !targets.contains(override.shard()))
                        .toList();
            }
        });
    }

    /** Whether a shard owns anything in a placement by rule; that is what is cut. */
    public static boolean owns(PlacementRecipe placement, String shard) {
        return PlacementParts.owns(placement, shard);
    }

    private interface Change {
        List<PlacementRecipe> placements(@Nullable String group, List<PlacementRecipe> placements);

        List<OverrideRecipe> overrides(@Nullable String group, List<OverrideRecipe> overrides);
    }

    private static MapRecipe changed(MapRecipe present, Change change) {
        return new MapRecipe(
                present.version() + 1,
                present.defaultRegion(),
                change.placements(null, present.placements()),
                change.overrides(null, present.overrides()),
                present.groups().stream()
                        .map(group -> new GroupRecipe(
                                group.name(),
                                group.defaultRegion(),
                                change.placements(group.name(), group.placements()),
                                change.overrides(group.name(), group.overrides()),
                                group.directory()))
                        .toList(),
                present.directory());
    }

    private PlacementRecipe divided(@Nullable String group, int index, PlacementRecipe placement) {
        if (!placement.allShards().contains(source)) {
            return placement;
        }
        if (parts.size() == 1) {
            boolean takesKeys = keys.stream().anyMatch(key -> Objects.equals(key.group(), group));
            return takesKeys ? PlacementParts.withDedicated(placement, parts.getFirst()) : placement;
        }
        if (!PlacementParts.owns(placement, source)) {
            if (!keepsSource()) {
                throw new IllegalArgumentException("shard " + source + " owns nothing but overridden keys in "
                        + described(group, index) + ": let it be one of the targets, so that it keeps them");
            }
            return placement;
        }
        Cut cut = cuts.stream()
                .filter(one -> Objects.equals(one.group(), group) && one.placement() == index)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no split point is given for " + described(group, index)
                        + ", in which shard " + source + " owns rows"));
        return switch (placement.partitioning()) {
            case HashRanges ranges ->
                PlacementParts.hashes(placement, HashSplit.apply(ranges, source, hashes(cut)), source, parts);
            case HashRing ring ->
                PlacementParts.hashes(placement, HashSplit.apply(ring, source, hashes(cut)), source, parts);
            case OrderedRanges ordered ->
                PlacementParts.values(
                        placement, ValueSplit.apply(ordered, source, values(cut, ordered.type())), source, parts);
        };
    }

    private static String described(@Nullable String group, int index) {
        return "placement " + index + (group == null ? " of sharding" : " of the group " + group);
    }

    private Parts<Long> hashes(Cut cut) {
        return new Parts<>(
                parts,
                cut.bounds().stream()
                        .map(text -> ((KeyValue.Bigint) value(KeyType.BIGINT, text)).value())
                        .toList());
    }

    private Parts<KeyValue> values(Cut cut, KeyType type) {
        return new Parts<>(
                parts, cut.bounds().stream().map(text -> value(type, text)).toList());
    }

    private static KeyValue value(KeyType type, String text) {
        try {
            return type.parse(text);
        } catch (InvalidKeyException invalid) {
            throw new IllegalArgumentException("a split point " + invalid.getMessage(), invalid);
        }
    }

    private List<OverrideRecipe> withKeys(@Nullable String group, List<OverrideRecipe> present) {
        Set<List<String>> moved = new LinkedHashSet<>();
        List<OverrideRecipe> added = new ArrayList<>();
        for (MovedKey key : keys) {
            if (Objects.equals(key.group(), group)) {
                if (!moved.add(key.key())) {
                    throw new IllegalArgumentException("key " + key.key() + " is moved twice: name it once");
                }
                added.add(new OverrideRecipe(key.key(), key.shard()));
            }
        }
        for (OverrideRecipe override : present) {
            if (moved.contains(override.key())) {
                throw new IllegalArgumentException("key " + override.key() + " is on shard " + override.shard()
                        + " by an override, and not by rule: it cannot be moved by this split");
            }
            if (override.shard().equals(source) && !keepsSource()) {
                throw new IllegalArgumentException("key " + override.key() + " is on shard " + source
                        + " by an override: let the shard be one of the targets, so that it keeps it");
            }
        }
        List<OverrideRecipe> after = new ArrayList<>(present);
        after.addAll(added);
        return after;
    }
}
