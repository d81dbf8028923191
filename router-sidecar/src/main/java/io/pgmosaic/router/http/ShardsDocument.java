package io.pgmosaic.router.http;

import io.pgmosaic.protocol.topology.Replica;
import io.pgmosaic.protocol.topology.Server;
import io.pgmosaic.router.lookup.Answer;
import io.pgmosaic.router.lookup.ChosenServer;
import io.pgmosaic.router.lookup.Position;
import io.pgmosaic.router.lookup.RouteAnswer;
import io.pgmosaic.router.lookup.RoutingTable;
import io.pgmosaic.router.lookup.ShardAnswers;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * The body of {@code GET /v1/shards}: every shard with its servers, for queries that ask them all.
 *
 * @param zone where the router is; null when unknown
 */
record ShardsDocument(
        long mapVersion, String database, @Nullable String zone, List<Shard> shards) {
    ShardsDocument {
        shards = List.copyOf(shards);
    }

    /**
     * @param read the server for reads; null when there is none now
     * @param write the server for writes; null when there is none now
     * @param reason why there is no primary; null when there is one
     * @param source {@code probe} when its servers were asked themselves; null when an operator told
     * @param foundAt when they were; null when an operator told
     */
    record Shard(
            String shard,
            long term,
            @Nullable ChosenServer read,
            @Nullable ChosenServer write,
            @Nullable Server primary,
            List<ShardReplica> replicas,
            @Nullable String reason,
            @Nullable String source,
            @Nullable Instant foundAt) {
        Shard {
            replicas = List.copyOf(replicas);
        }

        static Shard of(ShardAnswers answers) {
            return new Shard(
                    answers.topology().shard(),
                    answers.topology().term(),
                    server(answers.read()),
                    server(answers.write()),
                    answers.topology().primary(),
                    answers.topology().replicas().stream().map(ShardReplica::of).toList(),
                    answers.topology().reason(),
                    RouteAnswer.source(answers.foundAt()),
                    answers.foundAt());
        }

        private static @Nullable ChosenServer server(Answer answer) {
            return answer instanceof Answer.Served served ? served.server() : null;
        }
    }

    /**
     * A standby that serves reads.
     *
     * @param lagMillis null when unknown
     * @param position how far it had replayed when it was asked last, with the term of the log that it replayed; null when
     *     unknown
     * @param zone null when unknown
     */
    record ShardReplica(
            String instance,
            String host,
            int port,
            @Nullable Long lagMillis,
            @Nullable Position position,
            @Nullable String zone) {
        static ShardReplica of(Replica replica) {
            return new ShardReplica(
                    replica.server().instance(),
                    replica.server().host(),
                    replica.server().port(),
                    replica.lagMillis(),
                    replica.replayed() == null ? null : Position.of(replica.replayed()),
                    replica.server().zone());
        }
    }

    static ShardsDocument of(RoutingTable table) {
        return new ShardsDocument(
                table.topology().map().version(),
                table.topology().database(),
                table.zone(),
                table.shards().stream().map(Shard::of).toList());
    }
}
