package io.pgmosaic.router.lookup;

/** How a lookup ended. */
public enum Outcome {
    ANSWERED("answered"),
    UNAVAILABLE("unavailable"),
    REFUSED("refused");

    private final String text;

    Outcome(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }
}
