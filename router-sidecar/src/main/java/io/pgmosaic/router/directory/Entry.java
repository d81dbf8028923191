package io.pgmosaic.router.directory;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.TimeUnit;

/**
 * What a shard's directory said of a key.
 *
 * @param shard that has it; null when there is no entry, so that it is where the rule says
 * @param changing whether the key is being given to another shard, and nobody has it
 * @param behindMillis how far the server that said so may have been behind the primary then; 0 for the primary itself, and
 *     {@link #UNKNOWN} for a replica of which it is not known
 * @param loadedAt by {@link System#nanoTime}, before the question was sent
 * @param fresh until when it is used without asking again; likewise
 */
public record Entry(@Nullable String shard, boolean changing, int behindMillis, long loadedAt, long fresh) {
    /** Larger than every bound of a read. */
    static final int UNKNOWN = Integer.MAX_VALUE;

    boolean isFresh(long now) {
        return now - fresh < 0;
    }

    /** How old it is, in milliseconds. */
    public long ageMillis(long now) {
        return (now - loadedAt) / 1_000_000;
    }

    /** Whether it surely was so no longer ago than this, at the primary. */
    boolean isWithin(long millis, long now) {
        return millis == Long.MAX_VALUE || (behindMillis != UNKNOWN && behindMillis + ageMillis(now) <= millis);
    }

    /**
     * The one of which more is known: that of a replica may be older than that of the primary that was asked before. One that is
     * not believed any more has no say.
     */
    Entry orNewer(Entry before, long now) {
        return before.isFresh(now) && before.knownAsOf() - knownAsOf() > 0 ? before : this;
    }

    private long knownAsOf() {
        return loadedAt - TimeUnit.MILLISECONDS.toNanos(behindMillis);
    }

    /** Used for longer, since there is nobody to ask. */
    Entry untilAtLeast(long later) {
        return later - fresh > 0 ? new Entry(shard, changing, behindMillis, loadedAt, later) : this;
    }
}
