package io.pgmosaic.client;

import java.net.URI;
import java.time.Duration;
import java.util.Objects;

/**
 * How a client behaves.
 *
 * @param router where the router listens
 * @param refreshInterval about how often the router is asked in the background for what changed
 * @param retryFor how long work is tried again, from its beginning. What is under way then is not cut short: the driver's
 *     {@code socketTimeout} does that
 * @param routerTimeout for each request to the router
 */
public record ClientSettings(URI router, Duration refreshInterval, Duration retryFor, Duration routerTimeout) {
    private static final String VARIABLE = "PGMOSAIC_ROUTER_URL";
    private static final String BESIDE = "http://127.0.0.1:7432";

    /** @throws IllegalArgumentException when a time is not positive */
    public ClientSettings {
        if (!refreshInterval.isPositive() || !retryFor.isPositive() || !routerTimeout.isPositive()) {
            throw new IllegalArgumentException("the times of a client's settings are longer than zero");
        }
    }

    /** The router of {@code PGMOSAIC_ROUTER_URL}, or one on this machine; every second; 30 seconds; 2 seconds. */
    public static ClientSettings defaults() {
        URI router = URI.create(Objects.requireNonNullElse(System.getenv(VARIABLE), BESIDE));
        return new ClientSettings(router, Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofSeconds(2));
    }

    /** These with another router. */
    public ClientSettings withRouter(URI other) {
        return new ClientSettings(other, refreshInterval, retryFor, routerTimeout);
    }

    /** These with another time for trying again. */
    public ClientSettings withRetryFor(Duration other) {
        return new ClientSettings(router, refreshInterval, other, routerTimeout);
    }

    /** These with another time between questions in the background. */
    public ClientSettings withRefreshInterval(Duration other) {
        return new ClientSettings(router, other, retryFor, routerTimeout);
    }
}
