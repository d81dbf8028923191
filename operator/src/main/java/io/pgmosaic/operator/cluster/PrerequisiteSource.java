package io.pgmosaic.operator.cluster;

import io.pgmosaic.api.v1alpha1.cluster.ShardState;
import io.pgmosaic.operator.desired.ClusterIntent;
import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What must be there before the database of a shard can be looked after: the Secrets of a cluster, and its initial SQL. Read
 * again after a few seconds and when the spec changes, since a failover has many passes and needs none of it.
 */
final class PrerequisiteSource {
    /** How old the answer may be. What lacks something is looked at in every pass. */
    private static final Duration FRESH = Duration.ofSeconds(4);

    /**
     * What the database of a shard is made from.
     *
     * @param initialSql null for none
     */
    record Prerequisites(
            ClusterSecrets.Content secrets, @Nullable String initialSql) {}

    private record Question(ClusterIntent intent, List<String> shards, boolean hasData, boolean wasInitialized) {}

    private record Answer(Question question, Prerequisites found, Instant at) {}

    private final ClusterSecrets secrets;
    private final InitialSqlSource initialSql;
    private final Clock clock;
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();

    PrerequisiteSource(ClusterSecrets secrets, InitialSqlSource initialSql, Clock clock) {
        this.secrets = secrets;
        this.initialSql = initialSql;
        this.clock = clock;
    }

    /**
     * Sees to it that all Secrets exist, and reads what the shards need.
     *
     * @throws ProblemException when something that a user is to give is missing; says what to do
     */
    Prerequisites ensure(ClusterIntent intent, List<ShardState> states) throws ProblemException {
        Question question = new Question(
                intent,
                states.stream().map(ShardState::name).toList(),
                states.stream().anyMatch(shard -> shard.systemIdentifier() != null),
                states.stream()
                        .filter(shard -> shard.bornOf() == null)
                        .allMatch(shard ->
                                shard.schema() != null && shard.schema().initSqlChecksum() != null));
        Instant now = clock.instant();
        answers.values().removeIf(answer -> !now.isBefore(answer.at().plus(FRESH)));
        Answer last = answers.get(intent.uid());
        if (last != null && last.question().equals(question)) {
            return last.found();
        }
        Prerequisites found = read(question);
        answers.put(intent.uid(), new Answer(question, found, now));
        return found;
    }

    private Prerequisites read(Question question) throws ProblemException {
        return new Prerequisites(
                secrets.ensure(question.intent(), question.shards(), question.hasData()),
                initialSql(question.intent(), question.wasInitialized()));
    }

    /** What ran everywhere is read no more than to see whether it was changed; that it is gone stops nothing. */
    private @Nullable String initialSql(ClusterIntent intent, boolean wasInitialized) throws ProblemException {
        try {
            return initialSql.read(intent.namespace(), intent.spec().initSql());
        } catch (ProblemException e) {
            if (wasInitialized) {
                return null;
            }
            throw e;
        }
    }
}
