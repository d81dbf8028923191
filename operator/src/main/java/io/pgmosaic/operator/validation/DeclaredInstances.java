package io.pgmosaic.operator.validation;

import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterSpec;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The instances that a spec asks for, by name.
 *
 * @param cluster the resource's name
 * @param shards the shards' names, in order
 * @param perShard instances of each shard; anything, since it may not have been found wrong yet
 */
record DeclaredInstances(String cluster, List<String> shards, int perShard) {
    /** A shard's names end in one digit. */
    private static final int MOST = 9;

    private static final int MOST_SHARDS = 256;
    /** Characters; nine usual names fit. */
    private static final int ROOM = 160;

    /**
     * A number of shards that is refused elsewhere counts as none, so that no absurd number of names is made up.
     *
     * @param running shards that there are, also those that splits have made
     */
    static DeclaredInstances of(String cluster, ShardedClusterSpec spec, List<String> running) {
        Integer count = spec.shards().count();
        boolean absurd = spec.shards().names().isEmpty() && count != null && (count < 0 || count > MOST_SHARDS);
        List<String> declared = absurd ? List.of() : spec.shards().shardNames();
        return new DeclaredInstances(
                cluster,
                Stream.concat(declared.stream(), running.stream()).distinct().toList(),
                Math.max(0, spec.instancesPerShard()));
    }

    /** The shard's instances in the order of their numbers. */
    List<String> ofShard(String shard) {
        return IntStream.range(0, Math.min(perShard, MOST))
                .mapToObj(ordinal -> cluster + "-" + shard + "-" + ordinal)
                .toList();
    }

    List<String> all() {
        return shards.stream().flatMap(shard -> ofShard(shard).stream()).toList();
    }

    boolean exists(String instance) {
        return shardOf(instance).isPresent();
    }

    /** The shard that has this instance. */
    Optional<String> shardOf(String instance) {
        String prefix = cluster + "-";
        int end = instance.length() - 2;
        if (end <= prefix.length() || !instance.startsWith(prefix)) {
            return Optional.empty();
        }
        String shard = instance.substring(prefix.length(), end);
        return shards.contains(shard) && ofShard(shard).contains(instance) ? Optional.of(shard) : Optional.empty();
    }

    /** As many of the names as a message has room for. */
    static String listed(List<String> names) {
        if (names.isEmpty()) {
            return "those in spec.shards, which has none yet";
        }
        StringBuilder text = new StringBuilder(plain(names.getFirst()));
        int shown = 1;
        while (shown < names.size()) {
            String next = plain(names.get(shown));
            if (text.length() + next.length() > ROOM) {
                return text + " and " + (names.size() - shown) + " more";
            }
            text.append(", ").append(next);
            shown++;
        }
        return text.toString();
    }

    /** Names that pass the rules need no quotes; those that do not are themselves a problem, and shown as such. */
    private static String plain(String name) {
        String shown = Shown.of(name);
        return shown.equals('"' + name + '"') ? name : shown;
    }
}
