package io.pgmosaic.routing.map;

import io.pgmosaic.routing.key.Key;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Overrides, found by the hash that a lookup has computed anyway, so that a key without one costs no second hash. */
final class OverrideTable {
    private final List<KeyOverride> overrides;
    private final long[] hashes;

    /** @throws IllegalArgumentException when a key is overridden twice or to a shard that is not one of {@code shards} */
    OverrideTable(Collection<KeyOverride> overrides, List<String> shards) {
        List<KeyOverride> sorted = new ArrayList<>(overrides);
        sorted.sort(Comparator.comparingLong(override -> override.key().hash()));
        Set<Key> keys = new HashSet<>();
        for (KeyOverride override : sorted) {
            if (!shards.contains(override.shard())) {
                throw new IllegalArgumentException(
                        "an override names shard " + override.shard() + ", which is not one of " + shards);
            }
            if (!keys.add(override.key())) {
                throw new IllegalArgumentException("a key is overridden twice: " + override.key());
            }
        }
        this.overrides = List.copyOf(sorted);
        this.hashes =
                sorted.stream().mapToLong(override -> override.key().hash()).toArray();
    }

    List<KeyOverride> overrides() {
        return overrides;
    }

    /** Whether some overridden key has this hash; only then need {@link #owner} be asked. */
    boolean mayContain(long hash) {
        return hashes.length > 0 && Arrays.binarySearch(hashes, hash) >= 0;
    }

    boolean isEmpty() {
        return hashes.length == 0;
    }

    /** The owner of {@code key} by override; null when it has none. */
    @Nullable
    String owner(Key key, long hash) {
        int at = Arrays.binarySearch(hashes, hash);
        while (at > 0 && hashes[at - 1] == hash) {
            at--;
        }
        for (; at >= 0 && at < hashes.length && hashes[at] == hash; at++) {
            if (overrides.get(at).key().equals(key)) {
                return overrides.get(at).shard();
            }
        }
        return null;
    }
}
