package io.pgmosaic.router.lookup;

import io.pgmosaic.protocol.Json;
import io.pgmosaic.protocol.instance.LogPosition;
import io.pgmosaic.protocol.topology.Server;
import io.pgmosaic.protocol.topology.ShardTopology;
import io.pgmosaic.router.consistency.Consistency;
import io.pgmosaic.router.consistency.Load;
import io.pgmosaic.router.consistency.Reason;
import io.pgmosaic.router.consistency.ReplicaState;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What reads with a guarantee are answered with, for one state of one shard. An answer is made when it is first needed, since
 * there are many and most never are, and then kept. Thread-safe.
 */
public final class GuaranteedAnswers {
    private static final int PRIMARY = -1;

    private final ShardTopology shard;
    private final @Nullable Instant foundAt;
    private final long mapVersion;
    private final String database;
    private final ServerChoice choice;
    private final List<ReplicaState> replicas;
    private final ShardCounters counters;
    private final Map<Question, Answer> answers = new ConcurrentHashMap<>();

    /** @param replica its place in the list; {@link #PRIMARY} for none of them */
    private record Question(
            int replica, Consistency consistency, @Nullable Reason reason) {}

    /** @param replicas from the one to prefer to the one to use last */
    GuaranteedAnswers(
            ShardTopology shard,
            @Nullable Instant foundAt,
            long mapVersion,
            String database,
            ServerChoice choice,
            List<ReplicaState> replicas,
            ShardCounters counters) {
        this.shard = shard;
        this.foundAt = foundAt;
        this.mapVersion = mapVersion;
        this.database = database;
        this.choice = choice;
        this.replicas = List.copyOf(replicas);
        this.counters = counters;
    }

    /** From the one to prefer to the one to use last. */
    public List<ReplicaState> replicas() {
        return replicas;
    }

    /** What was sent lately to a replica that is among these; nothing that lasts for another. */
    public Load loadOf(String instance) {
        for (ReplicaState replica : replicas) {
            if (replica.server().instance().equals(instance)) {
                return replica.load();
            }
        }
        return new Load();
    }

    /**
     * A client read from a server, and saw that it had replayed so far. Says nothing when the server is none of these replicas, or
     * when that was in another term.
     */
    public void saw(String instance, LogPosition position, long now) {
        if (position.timeline() != shard.term()) {
            return;
        }
        for (ReplicaState replica : replicas) {
            if (replica.server().instance().equals(instance)) {
                replica.saw(position, now);
            }
        }
    }

    /** @param replica its place among {@link #replicas} */
    public Answer replica(int replica, Consistency consistency) {
        return answers.computeIfAbsent(new Question(replica, consistency, null), this::answer);
    }

    /**
     * Of a replica that has more than the operator told, by what clients saw. Not kept: the position is another one each time.
     *
     * @param replica its place among {@link #replicas}
     * @param position what it was chosen for: one that was started again is found out by that
     */
    public Answer replica(int replica, Consistency consistency, LogPosition position) {
        ReplicaState state = replicas.get(replica);
        LogPosition told = state.replayed();
        return served(
                ChosenServer.of(state.server(), ChosenServer.Role.REPLICA),
                new Question(replica, consistency, null),
                told == null ? position : new LogPosition(told.timeline(), position.lsn()));
    }

    /** @param reason why it is not a replica; null when that was not the question */
    public Answer primary(Consistency consistency, @Nullable Reason reason) {
        return answers.computeIfAbsent(new Question(PRIMARY, consistency, reason), this::answer);
    }

    private Answer answer(Question question) {
        if (question.replica() != PRIMARY) {
            ReplicaState state = replicas.get(question.replica());
            return served(ChosenServer.of(state.server(), ChosenServer.Role.REPLICA), question, state.replayed());
        }
        Server primary = shard.primary();
        return primary == null
                ? ShardAnswers.unavailable(shard, Intent.READ)
                : served(ChosenServer.of(primary, ChosenServer.Role.PRIMARY), question, null);
    }

    private Answer served(ChosenServer server, Question question, @Nullable LogPosition replayed) {
        RouteAnswer body = new RouteAnswer(
                shard.shard(),
                shard.term(),
                mapVersion,
                database,
                Intent.READ.text(),
                server,
                shard.primary(),
                shard.replicas().stream().map(ReplicaAnswer::of).toList(),
                question.consistency().text(),
                question.reason() == null ? null : question.reason().text(),
                replayed == null ? null : Position.of(replayed),
                RouteAnswer.source(foundAt),
                foundAt);
        return new Answer.Served(
                shard.shard(),
                server,
                Buffer.buffer(Json.write(body)),
                counters.of(Intent.READ, choice.isNear(server.zone())));
    }
}
