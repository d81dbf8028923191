package io.pgmosaic.routing.map;

/** All hashes from {@code lower} to the next range's lower bound. */
public record HashRange(long lower, String shard) {}
