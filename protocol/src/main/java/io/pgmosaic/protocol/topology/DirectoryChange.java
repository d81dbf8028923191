package io.pgmosaic.protocol.topology;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;

/**
 * A wish to give keys of a table with a directory to shards, or to take them back to those that own them by the rule.
 *
 * @param table {@code schema.name}, or the bare name of a public one
 * @param action what is to be done with all of them
 */
public record DirectoryChange(String table, Action action, List<Entry> entries) {
    /** How many keys one request may have. */
    public static final int MOST_ENTRIES = 1_000;

    /** How long its JSON may be. */
    public static final int MOST_BYTES = 1 << 20;

    /**
     * An operator answers within this time of being asked: what is not done by then is {@code PENDING}, and what was not begun by
     * then is not begun any more. No byte passes meanwhile, so it is shorter than the time after which an operator closes a
     * silent connection, and a router waits a little longer than this. A change that waits for transactions may take longer.
     */
    public static final Duration ANSWERED_WITHIN = Duration.ofSeconds(45);

    /** @throws IllegalArgumentException when it asks for nothing, or for too much; the message says why */
    public DirectoryChange {
        if (table == null || action == null || entries == null || entries.isEmpty()) {
            throw new IllegalArgumentException("a change names a table, an action and at least one entry");
        }
        if (entries.size() > MOST_ENTRIES) {
            throw new IllegalArgumentException(
                    entries.size() + " entries are too many: split them over requests of at most " + MOST_ENTRIES);
        }
        entries = List.copyOf(entries);
    }

    /** What can be done with keys. */
    public enum Action {
        ASSIGN,
        REMOVE
    }

    /**
     * One key.
     *
     * @param key one text for each key column, as in a lookup
     * @param shard that is to have it; null with {@code REMOVE}
     */
    public record Entry(
            List<@Nullable String> key, @Nullable String shard) {
        /** @throws IllegalArgumentException when there is no key */
        public Entry {
            if (key == null || key.isEmpty()) {
                throw new IllegalArgumentException("an entry has a key: a list of texts, one for each key column");
            }
            key = java.util.Collections.unmodifiableList(new java.util.ArrayList<>(key));
        }
    }
}
