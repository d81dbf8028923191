package io.pgmosaic.router.app;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What the environment tells the router.
 *
 * @param topologyUrls base URLs of the operator's topology endpoint, tried in turn; at least one
 * @param secretDirectory holds {@code ca.crt} and {@code token}; both are read anew at every connect
 * @param stateDirectory where the last topology is kept
 * @param httpPort 0 to let the system choose
 * @param healthAddress where health and metrics alone are answered besides; null for nowhere
 * @param healthPort 0 to let the system choose
 * @param zone where it runs; null when unknown
 * @param sessions how many pairs of session and shard are remembered
 * @param traffic how much of the clients' traffic is taken and remembered
 */
public record RouterSettings(
        String namespace,
        String cluster,
        List<URI> topologyUrls,
        Path secretDirectory,
        Path stateDirectory,
        String httpAddress,
        int httpPort,
        @Nullable String healthAddress,
        int healthPort,
        @Nullable String zone,
        int sessions,
        TrafficSettings traffic,
        DirectorySettings directory) {

    private static final int MOST_SESSIONS = 10_000_000;
    private static final int MOST_CACHE_MIB = 16_384;
    private static final int MOST_SECONDS = 86_400;
    private static final int MOST_HOT_KEYS = 100_000;
    private static final int MOST_WAITING = 10_000;
    private static final int MOST_CONNECTIONS = 1_000_000;
    private static final int MOST_BATCHES = 10_000;
    private static final Pattern DNS_LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    public RouterSettings {
        topologyUrls = List.copyOf(topologyUrls);
    }

    /** @throws InvalidSettingException for the first setting that is missing or wrong */
    static RouterSettings fromEnvironment(Map<String, String> environment) throws InvalidSettingException {
        return new RouterSettings(
                dnsLabel(environment, "PGMOSAIC_NAMESPACE"),
                dnsLabel(environment, "PGMOSAIC_CLUSTER"),
                urls(environment, "PGMOSAIC_TOPOLOGY_URLS"),
                path(environment, "PGMOSAIC_ROUTER_SECRET_DIR", "/etc/pgmosaic/router"),
                path(environment, "PGMOSAIC_STATE_DIR", "/var/lib/pgmosaic-router"),
                optional(environment, "PGMOSAIC_HTTP_ADDRESS", "127.0.0.1"),
                port(environment, "PGMOSAIC_HTTP_PORT", "7432"),
                optional(environment, "PGMOSAIC_HEALTH_ADDRESS"),
                port(environment, "PGMOSAIC_HEALTH_PORT", "7433"),
                optional(environment, "PGMOSAIC_ZONE"),
                number(environment, "PGMOSAIC_SESSIONS", "100000", 1, MOST_SESSIONS),
                new TrafficSettings(
                        number(environment, "PGMOSAIC_HOT_KEYS", "1000", 0, MOST_HOT_KEYS),
                        bool(environment, "PGMOSAIC_HOT_KEYS_SHOWN"),
                        number(environment, "PGMOSAIC_WAITING_LOOKUPS", "1000", 0, MOST_WAITING),
                        number(environment, "PGMOSAIC_CONNECTIONS", "10000", 1, MOST_CONNECTIONS),
                        number(environment, "PGMOSAIC_BATCHES", "64", 1, MOST_BATCHES)),
                new DirectorySettings(
                        number(environment, "PGMOSAIC_DIRECTORY_CACHE_MIB", "16", 1, MOST_CACHE_MIB),
                        number(environment, "PGMOSAIC_DIRECTORY_ENTRY_SECONDS", "60", 1, MOST_SECONDS),
                        number(environment, "PGMOSAIC_DIRECTORY_NONE_SECONDS", "10", 1, MOST_SECONDS)));
    }

    private static String dnsLabel(Map<String, String> environment, String name) throws InvalidSettingException {
        String value = required(environment, name);
        if (!DNS_LABEL.matcher(value).matches()) {
            throw new InvalidSettingException(name + " must be a DNS label such as 'orders'");
        }
        return value;
    }

    private static List<URI> urls(Map<String, String> environment, String name) throws InvalidSettingException {
        List<URI> urls = new ArrayList<>();
        for (String text : required(environment, name).split(",", -1)) {
            if (!text.isBlank()) {
                urls.add(url(name, text.strip()));
            }
        }
        if (urls.isEmpty()) {
            throw new InvalidSettingException(name + " holds no URL; write at least one, e.g. https://operator:8444");
        }
        return urls;
    }

    private static URI url(String name, String text) throws InvalidSettingException {
        try {
            URI url = new URI(text);
            if ("https".equals(url.getScheme()) && url.getHost() != null && url.getRawQuery() == null) {
                return url;
            }
        } catch (URISyntaxException e) {
            throw new InvalidSettingException(name + " holds what is no URL: " + e.getMessage());
        }
        throw new InvalidSettingException(name + " must hold https URLs with a host and no query, comma separated");
    }

    private static Path path(Map<String, String> environment, String name, String fallback)
            throws InvalidSettingException {
        try {
            return Path.of(optional(environment, name, fallback));
        } catch (InvalidPathException e) {
            throw new InvalidSettingException(name + " is not a path: " + e.getReason());
        }
    }

    private static int port(Map<String, String> environment, String name, String fallback)
            throws InvalidSettingException {
        return number(environment, name, fallback, 0, 65535);
    }

    private static int number(Map<String, String> environment, String name, String fallback, int least, int most)
            throws InvalidSettingException {
        String text = optional(environment, name, fallback);
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new InvalidSettingException(name + " must be a number, not text");
        }
        throw new InvalidSettingException(name + " must be between " + least + " and " + most);
    }

    private static boolean bool(Map<String, String> environment, String name) throws InvalidSettingException {
        return switch (optional(environment, name, "false")) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new InvalidSettingException(name + " must be true or false");
        };
    }

    private static String required(Map<String, String> environment, String name) throws InvalidSettingException {
        @Nullable String value = environment.get(name);
        if (value == null || value.isBlank()) {
            throw new InvalidSettingException(name + " is not set");
        }
        return value.strip();
    }

    private static String optional(Map<String, String> environment, String name, String fallback) {
        @Nullable String value = optional(environment, name);
        return value == null ? fallback : value;
    }

    private static @Nullable String optional(Map<String, String> environment, String name) {
        @Nullable String value = environment.get(name);
        return value == null || value.isBlank() ? null : value.strip();
    }
}
