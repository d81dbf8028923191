package io.pgmosaic.instance.postgres;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The first line of one part of a message in the server's log; lines that carry a part on begin with a tab, so nothing
 * that a client sends can look like one.
 *
 * @param pid of the server process that wrote it
 * @param sqlState {@code 00000} when there is nothing special
 * @param user null for a process without a session
 * @param severity LOG, ERROR, ... or the part's name: DETAIL, HINT, CONTEXT, STATEMENT, QUERY, LOCATION
 */
record ServerLogLine(
        Instant time,
        String pid,
        String sqlState,
        @Nullable String user,
        @Nullable String database,
        String severity,
        String message) {
    /** The value of {@code log_line_prefix} that {@link #parse} understands. */
    static final String PREFIX = "~%n~%p~%e~%q%u~%d~";

    private static final Pattern LINE = Pattern.compile(
            "^~(\\d{1,12})\\.(\\d{3})~(\\d{1,10})~([0-9A-Z]{5})~(?:(.*?)~(.*?)~)?([A-Z]+[1-5]?): {2}(.*)$",
            Pattern.DOTALL);

    /** @return null when the line does not begin a part */
    static @Nullable ServerLogLine parse(String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            return null;
        }
        Instant time =
                Instant.ofEpochSecond(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)) * 1_000_000);
        return new ServerLogLine(
                time,
                matcher.group(3),
                matcher.group(4),
                matcher.group(5),
                matcher.group(6),
                matcher.group(7),
                matcher.group(8));
    }

    /** True when it carries on the message before it. */
    boolean isPart() {
        return switch (severity) {
            case "DETAIL", "HINT", "CONTEXT", "STATEMENT", "QUERY", "LOCATION", "BACKTRACE" -> true;
            default -> false;
        };
    }

    /** The level in the product's own words. */
    String level() {
        return switch (severity) {
            case "WARNING" -> "WARN";
            case "ERROR" -> "ERROR";
            case "FATAL", "PANIC" -> "FATAL";
            default -> severity.startsWith("DEBUG") ? "DEBUG" : "INFO";
        };
    }
}
