package io.pgmosaic.router.app;

/**
 * How much of the clients' traffic a router takes and remembers.
 *
 * @param hotKeys how many keys of each table are counted; 0 for none
 * @param hotKeysShown whether {@code GET /v1/hotkeys} tells keys themselves, which may be personal data
 */
public record TrafficSettings(int hotKeys, boolean hotKeysShown) {
    public static final TrafficSettings DEFAULT = new TrafficSettings(1_000, false);
}
