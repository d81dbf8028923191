package io.pgmosaic.cli;

import java.util.Locale;

/** Sizes as people read them. */
final class Bytes {
    private static final String[] UNITS = {"KiB", "MiB", "GiB", "TiB", "PiB"};

    private Bytes() {}

    static String text(long bytes) {
        if (bytes < 1 << 10) {
            return bytes + " bytes";
        }
        double size = bytes;
        int unit = -1;
        while (size >= 1 << 10 && unit + 1 < UNITS.length) {
            size /= 1 << 10;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %s", size, UNITS[unit]);
    }
}
