package io.pgmosaic.instance.postgres;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where the supported major versions differ for the manager, all in one place.
 *
 * @param major 15 to 18
 */
public record PostgresVersion(int major) {
    public static final int OLDEST = 15;
    public static final int NEWEST = 18;

    public PostgresVersion {
        if (major < OLDEST || major > NEWEST) {
            throw new IllegalArgumentException(
                    "PostgreSQL " + major + " is not supported; " + OLDEST + " to " + NEWEST + " are");
        }
    }

    /** Settings that only some versions know. */
    Map<String, String> ownSettings() {
        Map<String, String> settings = new LinkedHashMap<>();
        if (major >= 17) {
            // Older versions have no such switch; their postgresql.auto.conf is emptied at every write instead.
            settings.put("allow_alter_system", "off");
        }
        return settings;
    }

    /** Further words of a replication connection string. */
    String connectionOptions() {
        // From 16 on libpq can be told to send no client certificate; before, it sends one only if HOME holds one.
        return major >= 16 ? " sslcertmode=disable" : "";
    }
}
