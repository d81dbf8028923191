package io.pgmosaic.operator.observe;

import io.pgmosaic.protocol.instance.InstanceStatus;
import io.pgmosaic.protocol.instance.LogPosition;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Map;

/**
 * The last that was seen of an instance. Every moment is by {@link InstanceObserver#now}, a clock of this process that is
 * never set; compare it with nothing else.
 *
 * @param status the last one that came; null when none ever did
 * @param answeredAt when it came; null when none ever did
 * @param failure why the latest attempt brought none; null when it did
 * @param silentSince when the first answer after it was due that did not come; null while answers come
 * @param refused whether the latest attempt found nobody listening: the process is gone, not merely slow
 * @param notRunningSince since when the answers say that PostgreSQL is not {@code RUNNING}; null when the last said that it is
 * @param promisedSince when the promised term of the last status was first seen; null before the first
 * @param lastWritten the log end in the last status in which PostgreSQL ran as a primary; null when there was none
 * @param notStreamingSince by instance of the shard, since when this running primary's list of standbys does not show it
 *     streaming; without those that stream, and empty on all but a running primary
 */
public record Observation(
        @Nullable InstanceStatus status,
        @Nullable Instant answeredAt,
        @Nullable String failure,
        @Nullable Instant silentSince,
        boolean refused,
        @Nullable Instant notRunningSince,
        @Nullable Instant promisedSince,
        @Nullable LogPosition lastWritten,
        Map<String, Instant> notStreamingSince) {
    static final Observation NONE = new Observation(null, null, null, null, false, null, null, null, Map.of());

    public Observation {
        notStreamingSince = Map.copyOf(notStreamingSince);
    }
}
