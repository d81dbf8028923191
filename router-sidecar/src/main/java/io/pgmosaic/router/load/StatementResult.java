package io.pgmosaic.router.load;

import java.util.Locale;

/** How a statement ended, for the client that sent it. */
public enum StatementResult {
    OK,
    ERROR,
    /** The client gave up; the shard may have gone on. */
    TIMEOUT,
    /** The client did not send it, since it was told to refuse so many of this priority. */
    REFUSED;

    private final String text = name().toLowerCase(Locale.ROOT);

    /** As a report writes it. */
    public String text() {
        return text;
    }
}
