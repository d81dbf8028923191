package io.pgmosaic.operator.plan;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Which shards may have an instance restarted now, when a change needs it. */
public final class RestartTurns {
    private RestartTurns() {}

    /**
     * The first {@code atOnce} shards, in their order, that are not as they should be: those that still have somebody to be
     * restarted, and those in which somebody is missing, for whatever reason. So a rolling change goes on only while all
     * shards that it has reached are whole again.
     */
    public static Set<String> of(List<ShardFacts> shards, int atOnce) {
        return shards.stream()
                .filter(shard -> !isDone(shard))
                .limit(atOnce)
                .map(shard -> shard.identity().shard())
                .collect(Collectors.toUnmodifiableSet());
    }

    private static boolean isDone(ShardFacts shard) {
        return shard.record().election() == null
                && shard.declared().stream()
                        .allMatch(instance -> RollingChange.need(instance).isEmpty()
                                && (instance.isPrimaryOf(shard.record().term())
                                        || instance.isStandbyOf(shard.record().term())
                                        || Fencing.isFenced(shard, instance.name())));
    }
}
