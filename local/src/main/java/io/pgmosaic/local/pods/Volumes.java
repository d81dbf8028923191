package io.pgmosaic.local.pods;

import io.pgmosaic.local.platform.Account;
import io.pgmosaic.local.platform.Commands;

import java.io.IOException;
import java.nio.file.Path;

/** Makes the folders that stand for volumes, and removes them. */
public interface Volumes extends AutoCloseable {
    /**
     * Makes the folder, which is not there yet or is what an earlier call has made.
     *
     * @param bytes the size that was asked for
     */
    void make(Path folder, long bytes) throws IOException;

    /** Removes the folder with all that is in it. */
    void remove(Path folder) throws IOException;

    /** Gives back what the machine was asked for. Called when no pod uses a volume any more. */
    @Override
    void close();

    /** Plain folders: no size is enforced. */
    static Volumes folders() {
        return new FolderVolumes();
    }

    /** Whether this process can use {@link #limited}. */
    static boolean canLimit() {
        return Account.isRoot() && Commands.find("mount").isPresent();
    }

    /** A file system in memory for each volume, of the size that was asked for; gone when it is closed. Root only. */
    static Volumes limited() {
        return new MemoryVolumes();
    }
}
