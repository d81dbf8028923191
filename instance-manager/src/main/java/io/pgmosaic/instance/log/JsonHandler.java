package io.pgmosaic.instance.log;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** Takes what this process logs, libraries included, into {@link LogLines}. */
public final class JsonHandler extends Handler {
    private final LogLines lines;
    private final SimpleFormatter formatter = new SimpleFormatter();

    private JsonHandler(LogLines lines) {
        this.lines = lines;
    }

    /** Makes it the only handler. */
    public static void install(LogLines lines) {
        LogManager.getLogManager().reset();
        Logger root = Logger.getLogger("");
        root.setLevel(Level.INFO);
        root.addHandler(new JsonHandler(lines));
    }

    @Override
    public void publish(LogRecord record) {
        if (!isLoggable(record)) {
            return;
        }
        String name = record.getLoggerName() == null ? "" : record.getLoggerName();
        Throwable thrown = record.getThrown();
        Map<String, String> fields = thrown == null ? Map.of() : Map.of("error", stackTrace(thrown));
        lines.write(record.getInstant(), level(record.getLevel()), name, formatter.formatMessage(record), fields);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}

    private static String level(Level level) {
        if (level.intValue() >= Level.SEVERE.intValue()) {
            return "ERROR";
        }
        if (level.intValue() >= Level.WARNING.intValue()) {
            return "WARN";
        }
        return level.intValue() >= Level.INFO.intValue() ? "INFO" : "DEBUG";
    }

    private static String stackTrace(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
