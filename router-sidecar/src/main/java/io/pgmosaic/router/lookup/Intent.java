package io.pgmosaic.router.lookup;

import java.util.Locale;

/** What the application is going to do with the row. */
public enum Intent {
    READ,
    WRITE;

    private final String text = name().toLowerCase(Locale.ROOT);

    /** As a request writes it. */
    public String text() {
        return text;
    }
}
