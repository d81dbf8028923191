package io.pgmosaic.local.pods;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Volumes as folders of the disk. */
final class FolderVolumes implements Volumes {
    @Override
    public void make(Path folder, long bytes) throws IOException {
        Files.createDirectories(folder);
    }

    @Override
    public void remove(Path folder) throws IOException {
        AtomicFiles.deleteTree(folder);
    }

    @Override
    public void close() {
        // the folders stay, as a cluster's volumes do
    }
}
