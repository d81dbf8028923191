package io.pgmosaic.local.bench.gap;

/** What befalls a primary. */
@FunctionalInterface
public interface Fault {
    /** Lets it happen; it has happened on return. */
    void strike() throws InterruptedException;
}
