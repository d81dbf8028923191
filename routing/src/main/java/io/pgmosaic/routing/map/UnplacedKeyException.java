package io.pgmosaic.routing.map;

/** No shard owns a key; the message says why and is fit for a person to read. Nothing is ever placed by a guess. */
public final class UnplacedKeyException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    UnplacedKeyException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    /** What is wrong with the key. */
    public enum Reason {
        MISSING_REGION,
        UNKNOWN_REGION,
        MISSING_TIME,
        OUTSIDE_PERIODS,
        OUTSIDE_RANGES
    }
}
