package io.pgmosaic.operator.lookup;

/**
 * That a key has a value of an index.
 *
 * @param key as {@link io.pgmosaic.routing.guard.DirectoryKey} writes it
 * @param number of the reservation, or the highest of several
 */
record Claim(String index, String value, String key, long number) {}
