package io.pgmosaic.operator.split.copy;

import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * What a copy keeps to. All of it is asked several times a second, so that it can change meanwhile; each answers at once.
 *
 * @param bytesPerSecond of all its tables together; 0 for no limit
 * @param pause why it is to wait now
 * @param isCancelled whether it is to end without a result
 */
public record CopyLimits(LongSupplier bytesPerSecond, Pause pause, BooleanSupplier isCancelled) {
    public static final CopyLimits NONE = new CopyLimits(() -> 0, Optional::empty, () -> false);

    /** Because the source is behind or loaded, say. */
    public interface Pause {
        /** Why to wait, for a person; empty to go on. */
        Optional<String> reason();
    }
}
