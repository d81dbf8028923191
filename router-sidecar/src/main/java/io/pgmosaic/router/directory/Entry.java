package io.pgmosaic.router.directory;

import org.jspecify.annotations.Nullable;

/**
 * What a shard's directory said of a key.
 *
 * @param shard that has it; null when there is no entry, so that it is where the rule says
 * @param changing whether the key is being given to another shard, and nobody has it
 * @param loadedAt by {@link System#nanoTime}, before the question was sent
 * @param fresh until when it is used without asking again; likewise
 */
public record Entry(@Nullable String shard, boolean changing, long loadedAt, long fresh) {
    boolean isFresh(long now) {
        return now - fresh < 0;
    }

    /** How old it is, in milliseconds. */
    public long ageMillis(long now) {
        return (now - loadedAt) / 1_000_000;
    }

    /** Used for longer, since there is nobody to ask. */
    Entry until(long later) {
        return new Entry(shard, changing, loadedAt, later);
    }
}
