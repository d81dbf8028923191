package io.pgmosaic.router.lookup;

import io.pgmosaic.protocol.Json;
import io.pgmosaic.protocol.topology.ShardTopology;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** A shard's two answers, made once for each change of the topology that concerns it. */
public record ShardAnswers(ShardTopology topology, Answer read, Answer write) {
    /** Said of a shard that the map names and whose servers the operator has not told yet. */
    static final String NO_SERVERS = "the operator has not said yet which servers it has";

    static ShardAnswers of(
            ShardTopology shard, long mapVersion, String database, ServerChoice choice, ShardCounters counters) {
        return new ShardAnswers(
                shard,
                answer(shard, mapVersion, database, Intent.READ, choice, counters),
                answer(shard, mapVersion, database, Intent.WRITE, choice, counters));
    }

    public Answer answer(Intent intent) {
        return intent == Intent.READ ? read : write;
    }

    private static Answer answer(
            ShardTopology shard,
            long mapVersion,
            String database,
            Intent intent,
            ServerChoice choice,
            ShardCounters counters) {
        @Nullable ChosenServer server = choice.choose(shard, intent);
        if (server == null) {
            String reason = shard.reason() == null ? "it has no primary" : shard.reason();
            return new Answer.Unavailable(shard.shard(), shard.term(), intent, reason);
        }
        RouteAnswer body = new RouteAnswer(
                shard.shard(),
                shard.term(),
                mapVersion,
                database,
                intent.text(),
                server,
                shard.primary(),
                shard.replicas().stream().map(ReplicaAnswer::of).toList());
        return new Answer.Served(shard.shard(), server, Buffer.buffer(Json.write(body)), counters.of(intent));
    }
}
