package io.pgmosaic.router.consistency;

/** Why a read cannot go to a replica. */
public enum Reason {
    NO_REPLICA("no replica takes reads now"),
    LAG("no replica is known to be within the bound"),
    POSITION("no replica is known to have replayed what the read must see"),
    WRITE_NOT_REPORTED("the session asked where to write and has not reported the position of that write yet"),
    READ_NOT_REPORTED(
            "the session has not reported how far it has read, and the server that it read from is the primary,"
                    + " or is gone"),
    FORGOTTEN("the router does not know the session, and may have forgotten it a short time ago"),
    TERM_AHEAD("the position is of a later term than the router has heard of; the news have to arrive first");

    private final String text;

    Reason(String text) {
        this.text = text;
    }

    /** For a person. */
    public String text() {
        return text;
    }
}
