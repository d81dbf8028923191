package io.pgmosaic.operator.observe;

import io.pgmosaic.protocol.instance.InstanceStatus;
import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * The last that was seen of an instance.
 *
 * @param status the last one that came; null when none ever did
 * @param answeredAt when it came, by this process's clock; null when none ever did
 * @param failure why the latest attempt brought none; null when it did
 */
public record Observation(
        @Nullable InstanceStatus status,
        @Nullable Instant answeredAt,
        @Nullable String failure) {
    static final Observation NONE = new Observation(null, null, null);
}
