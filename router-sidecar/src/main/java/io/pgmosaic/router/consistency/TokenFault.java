package io.pgmosaic.router.consistency;

/** What can be wrong with a token that somebody shows. */
public enum TokenFault {
    MALFORMED,
    TOO_LARGE,
    OF_ANOTHER_CLUSTER,
    UNKNOWN_KEY,
    FORGED,
    EXPIRED,
    UNKNOWN_SHARD,
    /** This router has no keys, so it can neither make tokens nor believe one. */
    NO_KEYS
}
