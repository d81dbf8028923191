package io.pgmosaic.router.app;

/**
 * How much of the clients' traffic a router takes and remembers.
 *
 * @param hotKeys how many keys of each table are counted; 0 for none
 * @param hotKeysShown whether {@code GET /v1/hotkeys} tells keys themselves, which may be personal data
 * @param waitingLookups how many lookups of one shard may wait for a server
 * @param connections how many clients may be connected
 * @param batches how many batches may be under way
 */
public record TrafficSettings(int hotKeys, boolean hotKeysShown, int waitingLookups, int connections, int batches) {
    public static final TrafficSettings DEFAULT = new TrafficSettings(1_000, false, 1_000, 10_000, 64);
}
