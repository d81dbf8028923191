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

    /** Whether all is there that belongs to data; false for {@link #whatIsReadable} of files of which one is not. */
    public boolean whole() {
        return promisedTerm > 0 && identity != null && assignment != null;
    }

    /** What can still be trusted of files of which some cannot; for replacing the data alone. */
    public static StoredState whatIsReadable(Volume volume) {
        Promise promise = readable(volume.promise());
        return new StoredState(
                promise == null ? 0 : promise.term(), readable(volume.identity()), readable(volume.assignment()));
    }

    private static <T> @Nullable T readable(SealedFile<T> file) {
        try {
            return file.read().orElse(null);
        } catch (UnreadableFileException unusable) {
            return null;
        }
    }

    /**
     * @throws UnreadableFileException when one cannot be trusted, or is missing although data and another of them are there:
     *     all three are older than the data, so its absence means that it was lost
     */
    public static StoredState read(Volume volume) throws UnreadableFileException {
        // Looked for first: what is put in place meanwhile came after its files.
        boolean data = Files.exists(volume.data().resolve("PG_VERSION"));
        Promise promise = volume.promise().read().orElse(null);
        InstanceIdentity identity = volume.identity().read().orElse(null);
        Assignment assignment = volume.assignment().read().orElse(null);
        boolean none = promise == null && identity == null && assignment == null;
        if (data && !none && (promise == null || identity == null || assignment == null)) {
            String missing = promise == null ? "promise.json" : identity == null ? "identity.json" : "assignment.json";
            throw new UnreadableFileException(volume.root().resolve(missing), "is missing beside data", null);
        }
        return new StoredState(promise == null ? 0 : promise.term(), identity, assignment);
    }
}
