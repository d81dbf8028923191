package io.pgmosaic.operator.validation;

import io.pgmosaic.api.v1alpha1.common.DurationText;
import org.jspecify.annotations.Nullable;

import java.time.Duration;

/** Reads a duration that may not be one. */
final class Durations {
    private Durations() {}

    static @Nullable Duration parse(String text) {
        try {
            return DurationText.parse(text);
        } catch (IllegalArgumentException malformed) {
            return null;
        }
    }
}
