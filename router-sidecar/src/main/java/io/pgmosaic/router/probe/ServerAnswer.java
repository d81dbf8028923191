package io.pgmosaic.router.probe;

/** What asking one server brought. */
sealed interface ServerAnswer {
    /**
     * It is a primary and lets the router in, as it would applications.
     *
     * @param term as its configuration says
     */
    record Primary(long term) implements ServerAnswer {}

    /** @param term of the primary that it follows, or last promised to follow */
    record Standby(long term) implements ServerAnswer {}

    /** It says that it is nobody's primary now. */
    record None(Why why) implements ServerAnswer {}

    /** Nothing follows from what came, or did not come. */
    record Unclear() implements ServerAnswer {}

    /** Why a server is no primary for applications. */
    enum Why {
        /** It runs, and lets no applications in. */
        CLOSED("is closed to applications"),
        /** Nobody listens, or PostgreSQL is starting or stopping. */
        DOWN("does not run"),
        /** At its address is another one now. */
        ANOTHER("is not at its address any more");

        private final String text;

        Why(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }
}
