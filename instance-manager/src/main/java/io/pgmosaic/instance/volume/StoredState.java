package io.pgmosaic.instance.volume;

import io.pgmosaic.protocol.instance.InstanceIdentity;
import org.jspecify.annotations.Nullable;

import java.nio.file.Files;

/**
 * The manager's own files on the volume, read together.
 *
 * @param promisedTerm 0 when nothing was promised yet
 * @param identity null when none was written
 * @param assignment null when none was written
 */
public record StoredState(
        long promisedTerm,
        @Nullable InstanceIdentity identity,
        @Nullable Assignment assignment) {

    /**
     * @throws UnreadableFileException when one cannot be trusted, or is missing although data is there: a promise is older
     *     than any data, so its absence means that it was lost
     */
    public static StoredState read(Volume volume) throws UnreadableFileException {
        Promise promise = volume.promise().read().orElse(null);
        InstanceIdentity identity = volume.identity().read().orElse(null);
        Assignment assignment = volume.assignment().read().orElse(null);
        boolean data = Files.exists(volume.data().resolve("PG_VERSION"));
        if (data && promise == null) {
            throw new UnreadableFileException(volume.root().resolve("promise.json"), "is missing beside data", null);
        }
        if (data && (identity == null || assignment == null)) {
            throw new UnreadableFileException(
                    volume.root().resolve(identity == null ? "identity.json" : "assignment.json"),
                    "is missing beside data",
                    null);
        }
        return new StoredState(promise == null ? 0 : promise.term(), identity, assignment);
    }
}
