package io.pgmosaic.router.app;

import io.pgmosaic.router.directory.Directory;

import java.util.concurrent.TimeUnit;

/**
 * How much of directories a router remembers, and for how long.
 *
 * @param cacheMib about how much memory it takes
 * @param entrySeconds for keys that have an entry
 * @param noneSeconds for keys that have none
 */
public record DirectorySettings(int cacheMib, int entrySeconds, int noneSeconds) {
    public static final DirectorySettings DEFAULT = new DirectorySettings(16, 60, 10);

    Directory.Settings settings() {
        return new Directory.Settings(
                (long) cacheMib << 20, TimeUnit.SECONDS.toNanos(entrySeconds), TimeUnit.SECONDS.toNanos(noneSeconds));
    }
}
