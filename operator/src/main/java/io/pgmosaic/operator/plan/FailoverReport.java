package io.pgmosaic.operator.plan;

import io.pgmosaic.protocol.instance.LogPosition;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.SequencedMap;

/**
 * How the present primary was chosen.
 *
 * @param positions how far the log of each instance went that was considered
 * @param dataLossBound bytes that may have been acknowledged and are lost, as far as was seen; 0 when nothing acknowledged can
 *     be lost; null when it cannot be said
 */
public record FailoverReport(
        OpenElection.Kind kind,
        long term,
        String oldPrimary,
        String newPrimary,
        String cause,
        String message,
        SequencedMap<String, LogPosition> positions,
        @Nullable Long dataLossBound,
        Instant suspectedAt,
        Instant startedAt,
        Instant decidedAt) {}
