package io.pgmosaic.instance.http;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * What a question for the status carries.
 *
 * @param patience how long to wait for a change after {@code seen}; at most five seconds
 * @param term that is confirmed; null for none
 */
record StatusQuery(
        @Nullable String seen,
        Duration patience,
        @Nullable Long term,
        @Nullable Long token) {
    private static final long LONGEST_WAIT_MILLIS = 5000;

    /**
     * @throws IllegalArgumentException saying which value cannot be used
     */
    static StatusQuery of(URI uri) {
        Map<String, String> values = values(uri);
        Long millis = number(values, "waitMillis");
        return new StatusQuery(
                values.get("seen"),
                Duration.ofMillis(millis == null ? 0 : Math.clamp(millis, 0, LONGEST_WAIT_MILLIS)),
                number(values, "term"),
                number(values, "token"));
    }

    /** Each name with its value, the last one when there are several. */
    static Map<String, String> values(URI uri) {
        Map<String, String> values = new HashMap<>();
        String query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
        for (String part : query.split("&", -1)) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                values.put(decoded(part.substring(0, equals)), decoded(part.substring(equals + 1)));
            }
        }
        return values;
    }

    private static String decoded(String part) {
        return URLDecoder.decode(part, StandardCharsets.UTF_8);
    }

    private static @Nullable Long number(Map<String, String> values, String name) {
        String value = values.get(name);
        try {
            return value == null ? null : Long.valueOf(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " is not a number", e);
        }
    }
}
