package io.pgmosaic.local.bench.gap;

import java.util.Optional;

/** Where the primary is, as a system tells its clients. */
@FunctionalInterface
public interface PrimaryFinder {
    /** The server to write to; empty when nobody knows of one now. */
    Optional<Server> find() throws InterruptedException;
}
