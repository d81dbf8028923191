package io.pgmosaic.router.app;

import io.pgmosaic.router.directory.Directory;
import io.pgmosaic.router.index.LookupIndexes;

import java.util.concurrent.TimeUnit;

/**
 * How much of directories and of lookup indexes a router remembers, and for how long.
 *
 * @param cacheMib about how much memory each of them takes
 * @param entrySeconds for keys that have an entry
 * @param noneSeconds for keys that have none
 */
public record DirectorySettings(int cacheMib, int entrySeconds, int noneSeconds) {
    public static final DirectorySettings DEFAULT = new DirectorySettings(16, 60, 10);

    Directory.Settings settings() {
        return new Directory.Settings(
                (long) cacheMib << 20, TimeUnit.SECONDS.toNanos(entrySeconds), TimeUnit.SECONDS.toNanos(noneSeconds));
    }

    LookupIndexes.Settings ofIndexes() {
        return new LookupIndexes.Settings((long) cacheMib << 20, TimeUnit.SECONDS.toNanos(entrySeconds));
    }
}
