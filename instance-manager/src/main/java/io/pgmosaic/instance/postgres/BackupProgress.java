package io.pgmosaic.instance.postgres;

import org.jspecify.annotations.Nullable;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One progress report of pg_basebackup.
 *
 * @param doneKib received so far
 * @param totalKib what the upstream estimated
 */
public record BackupProgress(long doneKib, long totalKib, int percent) {
    private static final Pattern LINE = Pattern.compile("^\\s*(\\d{1,18})/(\\d{1,18}) kB \\((\\d{1,3})%\\)");
    private static final String[] UNITS = {"KiB", "MiB", "GiB", "TiB"};

    /** @return null when the line is none */
    public static @Nullable BackupProgress parse(String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.find()) {
            return null;
        }
        return new BackupProgress(
                Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)), Integer.parseInt(matcher.group(3)));
    }

    /** For a person. */
    public String text() {
        return "base backup " + percent + " %, " + amount(doneKib) + " of " + amount(totalKib);
    }

    private static String amount(long kib) {
        double value = kib;
        int unit = 0;
        while (value >= 1024 && unit < UNITS.length - 1) {
            value /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", value, UNITS[unit]);
    }
}
