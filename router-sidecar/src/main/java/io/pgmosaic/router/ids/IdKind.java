package io.pgmosaic.router.ids;

import java.util.Locale;

/** The kinds of id. */
public enum IdKind {
    SNOWFLAKE,
    ULID,
    UUIDV7;

    private final String text = name().toLowerCase(Locale.ROOT);

    /** As it is written in requests, answers and metrics. */
    public String text() {
        return text;
    }
}
