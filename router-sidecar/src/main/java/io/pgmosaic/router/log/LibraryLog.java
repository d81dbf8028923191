package io.pgmosaic.router.log;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** Carries what libraries log through java.util.logging into {@link JsonLog}. */
public final class LibraryLog extends Handler {
    private static final SimpleFormatter FORMATTER = new SimpleFormatter();

    private final JsonLog log;

    private LibraryLog(JsonLog log) {
        this.log = log;
    }

    /** Replaces the console handler of the whole process. */
    public static void redirectTo(JsonLog log) {
        LogManager.getLogManager().reset();
        Logger root = Logger.getLogger("");
        root.setLevel(Level.WARNING);
        root.addHandler(new LibraryLog(log));
    }

    @Override
    public void publish(LogRecord record) {
        if (!isLoggable(record)) {
            return;
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("logger", String.valueOf(record.getLoggerName()));
        if (record.getThrown() != null) {
            fields.put("cause", record.getThrown().toString());
        }
        String level = record.getLevel().intValue() >= Level.SEVERE.intValue() ? "error" : "warn";
        log.write(level, FORMATTER.formatMessage(record), fields);
    }

    @Override
    public void flush() {
        // JsonLog keeps nothing back.
    }

    @Override
    public void close() {
        // The stream is the process's own.
    }
}
