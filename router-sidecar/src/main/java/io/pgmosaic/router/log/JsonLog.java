package io.pgmosaic.router.log;

import io.pgmosaic.protocol.Json;

import java.io.PrintStream;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes log lines. Safe for use by several threads: a line is written by one call. */
public final class JsonLog {
    private static final int MAX_TEXT = 2_000;

    private final PrintStream out;
    private final Clock clock;
    private final Map<String, String> context;

    /** @param context keys and values that every line carries, such as namespace and cluster */
    public JsonLog(PrintStream out, Clock clock, Map<String, String> context) {
        this.out = out;
        this.clock = clock;
        this.context = new LinkedHashMap<>(context);
    }

    /** @param fields of this line beside the context; longer texts than 2,000 characters are cut */
    public void info(String message, Map<String, ?> fields) {
        write("info", message, fields);
    }

    /** As {@link #info}, for what a person should look at though the router goes on. */
    public void warn(String message, Map<String, ?> fields) {
        write("warn", message, fields);
    }

    /** As {@link #info}, for what stops the router or is a defect of it. */
    public void error(String message, Map<String, ?> fields) {
        write("error", message, fields);
    }

    void write(String level, String message, Map<String, ?> fields) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("ts", clock.instant().truncatedTo(ChronoUnit.MILLIS).toString());
        line.put("level", level);
        line.put("message", shortened(message));
        line.putAll(context);
        fields.forEach((key, value) -> line.put(key, value instanceof Number ? value : shortened(value.toString())));
        byte[] json = Json.write(line);
        byte[] withEnd = Arrays.copyOf(json, json.length + 1);
        withEnd[json.length] = '\n';
        // Bytes, since the stream's own encoding is whatever the locale says.
        out.write(withEnd, 0, withEnd.length);
        out.flush();
    }

    private static String shortened(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "...";
    }
}
