package io.pgmosaic.protocol.instance;

/**
 * The lease of a primary: what bounds how long it serves when nobody can reach it.
 *
 * @param term of the primary
 * @param remainingMillis until it stops itself; 0 when it has
 * @param token to be handed back with the next confirmation, which then counts from when the token was given out: a
 *     confirmation that was under way for long does not lengthen the lease beyond what was true
 */
public record LeaseState(long term, long remainingMillis, long token) {}
