package io.pgmosaic.operator.observe;

import io.pgmosaic.protocol.Lsn;
import io.pgmosaic.protocol.instance.InstanceRole;
import io.pgmosaic.protocol.instance.InstanceStatus;
import io.pgmosaic.protocol.instance.LogPosition;
import io.pgmosaic.protocol.instance.PostgresState.ServerState;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** How one observation follows from the one before. Pure. */
final class Sightings {
    private Sightings() {}

    /**
     * After an answer. One that was overtaken by a later one of the same process changes nothing.
     *
     * @param mates the shard's other instances
     */
    static Observation answered(Observation before, InstanceStatus status, Set<String> mates, Instant now) {
        InstanceStatus last = before.status();
        if (last != null
                && last.bootId().equals(status.bootId())
                && status.takenAt().isBefore(last.takenAt())) {
            return before;
        }
        boolean running = status.postgres().state() == ServerState.RUNNING;
        boolean samePromise = last != null && last.promisedTerm() == status.promisedTerm();
        return new Observation(
                status,
                now,
                null,
                null,
                false,
                running ? null : earlier(before.notRunningSince(), now),
                samePromise ? earlier(before.promisedSince(), now) : now,
                lastWritten(before, status),
                notStreaming(before, status, mates, now));
    }

    /**
     * After an attempt that brought no answer.
     *
     * @param begun when it was made; an answer to a later one outweighs it
     * @param due when the answer was to come
     */
    static Observation failed(Observation before, String failure, boolean refused, Instant begun, Instant due) {
        Instant answeredAt = before.answeredAt();
        if (answeredAt != null && answeredAt.isAfter(begun)) {
            return before;
        }
        return new Observation(
                before.status(),
                answeredAt,
                failure,
                earlier(before.silentSince(), due),
                refused,
                before.notRunningSince(),
                before.promisedSince(),
                before.lastWritten(),
                before.notStreamingSince());
    }

    private static @Nullable LogPosition lastWritten(Observation before, InstanceStatus status) {
        Lsn written = status.postgres().writtenLsn();
        return status.role() == InstanceRole.PRIMARY
                        && status.postgres().state() == ServerState.RUNNING
                        && written != null
                ? new LogPosition(status.postgres().timeline(), written)
                : before.lastWritten();
    }

    private static Instant earlier(@Nullable Instant before, Instant now) {
        return before == null ? now : before;
    }

    private static Map<String, Instant> notStreaming(
            Observation before, InstanceStatus status, Set<String> mates, Instant now) {
        if (status.role() != InstanceRole.PRIMARY || status.postgres().state() != ServerState.RUNNING) {
            return Map.of();
        }
        Set<String> streaming = status.postgres().replicas().stream()
                .filter(replica -> replica.state().equals("streaming"))
                .map(replica -> replica.instance())
                .collect(Collectors.toSet());
        Set<String> names = new TreeSet<>(mates);
        status.postgres().replicas().forEach(replica -> names.add(replica.instance()));
        names.removeAll(streaming);
        Map<String, Instant> since = new HashMap<>();
        names.forEach(name -> since.put(name, earlier(before.notStreamingSince().get(name), now)));
        return since;
    }
}
