package io.pgmosaic.router.lookup;

import io.pgmosaic.protocol.Json;
import io.pgmosaic.protocol.topology.ShardTopology;
import io.pgmosaic.router.consistency.ReplicaState;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * A shard's answers, made once for each change of the topology that concerns it.
 *
 * @param foundAt when its servers were asked themselves; null when it is as an operator told
 * @param read of a read that asks for no guarantee
 * @param guaranteed of reads that ask for one
 */
public record ShardAnswers(
        ShardTopology topology, @Nullable Instant foundAt, Answer read, Answer write, GuaranteedAnswers guaranteed) {
    /** Said of a shard that the map names and whose servers the operator has not told yet. */
    static final String NO_SERVERS = "the operator has not said yet which servers it has";

    static ShardAnswers of(
            ShardTopology shard,
            @Nullable Instant foundAt,
            long mapVersion,
            String database,
            ServerChoice choice,
            ShardCounters counters,
            List<ReplicaState> replicas) {
        return new ShardAnswers(
                shard,
                foundAt,
                answer(shard, foundAt, mapVersion, database, Intent.READ, choice, counters),
                answer(shard, foundAt, mapVersion, database, Intent.WRITE, choice, counters),
                new GuaranteedAnswers(shard, foundAt, mapVersion, database, choice, replicas, counters));
    }

    public Answer answer(Intent intent) {
        return intent == Intent.READ ? read : write;
    }

    static Answer unavailable(ShardTopology shard, Intent intent) {
        String reason = shard.reason() == null ? "it has no primary" : shard.reason();
        return new Answer.Unavailable(shard.shard(), shard.term(), intent, reason);
    }

    private static Answer answer(
            ShardTopology shard,
            @Nullable Instant foundAt,
            long mapVersion,
            String database,
            Intent intent,
            ServerChoice choice,
            ShardCounters counters) {
        @Nullable ChosenServer server = choice.choose(shard, intent);
        if (server == null) {
            return unavailable(shard, intent);
        }
        RouteAnswer body = new RouteAnswer(
                shard.shard(),
                shard.term(),
                mapVersion,
                database,
                intent.text(),
                server,
                shard.primary(),
                shard.replicas().stream().map(ReplicaAnswer::of).toList(),
                null,
                null,
                null,
                RouteAnswer.source(foundAt),
                foundAt);
        return new Answer.Served(
                shard.shard(),
                server,
                Buffer.buffer(Json.write(body)),
                counters.of(intent, choice.isNear(server.zone())));
    }
}
