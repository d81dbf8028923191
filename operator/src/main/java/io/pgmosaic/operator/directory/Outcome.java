package io.pgmosaic.operator.directory;

/**
 * What came of one change.
 *
 * @param detail for a person
 */
record Outcome(State state, String detail) {
    enum State {
        /** It is as was asked. */
        DONE,
        /** It was so before. */
        UNCHANGED,
        /** It is not possible, and nothing has changed. */
        REFUSED,
        /** It is not possible now; nothing has changed. */
        BUSY,
        /** It was begun, and ends by itself, in one way or the other. */
        PENDING
    }

    static Outcome done() {
        return new Outcome(State.DONE, "");
    }

    static Outcome unchanged() {
        return new Outcome(State.UNCHANGED, "");
    }

    static Outcome refused(String detail) {
        return new Outcome(State.REFUSED, detail);
    }

    static Outcome busy(String detail) {
        return new Outcome(State.BUSY, detail);
    }

    static Outcome pending(String detail) {
        return new Outcome(State.PENDING, detail);
    }
}
