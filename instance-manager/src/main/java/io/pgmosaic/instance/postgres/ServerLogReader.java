package io.pgmosaic.instance.postgres;

import io.pgmosaic.instance.log.Excerpt;
import io.pgmosaic.instance.log.LogLines;
import org.jspecify.annotations.Nullable;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Turns the server's standard error into log lines, one a message with its parts as fields, and keeps the last ones. */
public final class ServerLogReader {
    private static final int KEPT_MESSAGES = 12;
    private static final int LONGEST_KEPT = 500;
    private static final int LONGEST_LINE = 64 * 1024;

    private final LogLines lines;
    private final Deque<String> tail = new ArrayDeque<>();
    private volatile @Nullable String streamingComplaint;
    private @Nullable ServerLogLine head;
    private String part = "";
    private final Map<String, StringBuilder> parts = new LinkedHashMap<>();

    public ServerLogReader(LogLines lines) {
        this.lines = lines;
    }

    /** Reads until the stream ends, which is when the last server process has closed it. */
    public void read(InputStream standardError) throws IOException {
        BufferedInputStream in = new BufferedInputStream(standardError, 16 * 1024);
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0; b = in.read()) {
            if (b != '\n') {
                if (line.size() < LONGEST_LINE) {
                    line.write(b);
                }
                continue;
            }
            accept(line.toString(StandardCharsets.UTF_8));
            line.reset();
            if (in.available() == 0) {
                // A message's parts are written at once, so nothing waiting means that it is whole.
                flush();
            }
        }
        if (line.size() > 0) {
            accept(line.toString(StandardCharsets.UTF_8));
        }
        flush();
    }

    /** The last messages, oldest first. */
    public String tail() {
        synchronized (tail) {
            return String.join("\n", tail);
        }
    }

    private void accept(String text) {
        ServerLogLine line = ServerLogLine.parse(text);
        if (line == null) {
            continueWith(text);
        } else if (line.isPart() && head != null && head.pid().equals(line.pid())) {
            part = line.severity().toLowerCase(Locale.ROOT);
            parts.computeIfAbsent(part, name -> new StringBuilder()).append(line.message());
        } else {
            flush();
            head = line;
            part = "message";
            parts.put(part, new StringBuilder(line.message()));
        }
    }

    private void continueWith(String text) {
        if (head == null || !text.startsWith("\t")) {
            flush();
            // Not in the server's own form: the linker, a library, or the server before it read its configuration.
            keep(text);
            lines.write(Instant.now(), "INFO", "postgres", text, Map.of());
            return;
        }
        StringBuilder whole = parts.computeIfAbsent(part, name -> new StringBuilder());
        if (whole.length() < LONGEST_LINE) {
            whole.append('\n').append(text, 1, text.length());
        }
    }

    private void flush() {
        ServerLogLine first = head;
        if (first == null) {
            return;
        }
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("pid", first.pid());
        if (!first.sqlState().equals("00000")) {
            fields.put("sqlstate", first.sqlState());
        }
        if (first.user() != null && !first.user().isEmpty()) {
            fields.put("user", first.user());
        }
        if (first.database() != null && !first.database().isEmpty()) {
            fields.put("database", first.database());
        }
        parts.forEach((name, text) -> {
            if (!name.equals("message")) {
                fields.put(name, text.toString());
            }
        });
        StringBuilder message = parts.get("message");
        String text = message == null ? "" : message.toString();
        keep(first.severity() + ": " + text);
        lines.write(first.time(), first.level(), "postgres", text, fields);
        head = null;
        parts.clear();
    }

    /** The last message that says that the log which a standby needs is gone at its upstream; null when there was none. */
    @Nullable
    String streamingComplaint() {
        return streamingComplaint;
    }

    private void keep(String message) {
        if (message.contains("has already been removed") || message.contains("has been invalidated")) {
            streamingComplaint = Excerpt.head(message, LONGEST_KEPT);
        }
        synchronized (tail) {
            tail.addLast(Excerpt.head(message, LONGEST_KEPT));
            if (tail.size() > KEPT_MESSAGES) {
                tail.removeFirst();
            }
        }
    }
}
