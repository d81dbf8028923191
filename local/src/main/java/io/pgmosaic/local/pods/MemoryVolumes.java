package io.pgmosaic.local.pods;

import io.pgmosaic.local.platform.Commands;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Volumes as file systems in memory, which can be full. */
final class MemoryVolumes implements Volumes {
    private static final Logger LOG = LoggerFactory.getLogger(MemoryVolumes.class);

    private final Set<Path> mounted = new LinkedHashSet<>();

    @Override
    public synchronized void make(Path folder, long bytes) throws IOException {
        if (mounted.contains(folder)) {
            return;
        }
        Files.createDirectories(folder);
        run(List.of("mount", "-t", "tmpfs", "-o", "mode=0700,size=" + bytes, "pgmosaic", folder.toString()));
        mounted.add(folder);
    }

    @Override
    public synchronized void remove(Path folder) throws IOException {
        if (mounted.contains(folder)) {
            unmount(folder);
            mounted.remove(folder);
        }
        AtomicFiles.deleteTree(folder);
    }

    @Override
    public synchronized void close() {
        for (Path folder : mounted) {
            try {
                unmount(folder);
            } catch (IOException e) {
                LOG.warn("a file system in memory stays: {}", e.getMessage());
            }
        }
        mounted.clear();
    }

    /** Detached at once, so that a process that has not quite ended is no hindrance. */
    private static void unmount(Path folder) throws IOException {
        run(List.of("umount", "--lazy", folder.toString()));
    }

    private static void run(List<String> command) throws IOException {
        Commands.Result result = Commands.run(command);
        if (result.exitCode() != 0) {
            throw new IOException(
                    String.join(" ", command) + ": " + result.output().strip());
        }
    }
}
