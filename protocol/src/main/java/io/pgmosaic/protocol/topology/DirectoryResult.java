package io.pgmosaic.protocol.topology;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What came of a {@link DirectoryChange}.
 *
 * @param results one for each entry, in their order
 */
public record DirectoryResult(List<Item> results) {
    public DirectoryResult {
        results = List.copyOf(results);
    }

    /** What came of one entry. */
    public enum Outcome {
        /** It is as was asked. */
        DONE,
        /** It was so before. */
        UNCHANGED,
        /** What was asked makes no sense; nothing has changed. */
        INVALID,
        /** It cannot be done as things are; nothing has changed. */
        REFUSED,
        /** It cannot be done now; nothing has changed. Ask again. */
        BUSY,
        /** It was begun, or may have been, and an operator ends it, in one way or the other. Ask what became of it. */
        PENDING
    }

    /** @param detail for a person; null when there is nothing to say */
    public record Item(Outcome outcome, @Nullable String detail) {}
}
