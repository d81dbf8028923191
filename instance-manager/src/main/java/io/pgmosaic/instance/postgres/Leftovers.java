package io.pgmosaic.instance.postgres;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Processes of PostgreSQL that work inside the volume without being the server that the manager runs: what a killed
 * manager, or a killed postmaster, left behind. Every server process has the data directory as its working directory and
 * every other program is started with the volume as its own, so {@code /proc} tells them apart from any other instance's.
 */
public final class Leftovers {
    private static final Set<String> PROGRAMS = Set.of("postgres", "initdb", "pg_basebackup", "pg_rewind", "pg_ctl");
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Path volume;
    private final Programs programs;

    public Leftovers(Path volume, Programs programs) {
        this.volume = volume;
        this.programs = programs;
    }

    /** Their process ids; empty when nothing works there. */
    public List<Long> find() throws IOException {
        Path realVolume = volume.toRealPath();
        List<Long> found = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                boolean inside = link(process.resolve("cwd"))
                        .filter(directory -> directory.startsWith(realVolume))
                        .isPresent();
                if (inside
                        && link(process.resolve("exe"))
                                .filter(program ->
                                        PROGRAMS.contains(program.getFileName().toString()))
                                .isPresent()) {
                    found.add(Long.parseLong(process.getFileName().toString()));
                }
            }
        }
        return found;
    }

    /**
     * Ends them: a server by a fast shutdown, orphans of a dead one, which end by themselves, by waiting, and what is still
     * there after 20 s by SIGKILL. On return shared memory is free and a server can start.
     *
     * @param data the data directory
     * @return how many there were
     * @throws IOException when one does not end
     */
    public int end(Path data) throws IOException, InterruptedException {
        List<Long> found = find();
        if (found.isEmpty()) {
            forgetServer(data);
            return 0;
        }
        PostmasterPid postmaster = PostmasterPid.read(data);
        for (long pid : found) {
            if (postmaster != null && postmaster.pid() == pid) {
                programs.signal("INT", pid);
            } else if (postmaster == null || !found.contains(postmaster.pid())) {
                ProcessHandle.of(pid).ifPresent(ProcessHandle::destroy);
            }
        }
        if (!Poll.until(() -> find().isEmpty(), PATIENCE)) {
            kill();
            if (!Poll.until(() -> find().isEmpty(), PATIENCE)) {
                throw new IOException("processes " + find() + " work in " + volume + " and do not end");
            }
        }
        forgetServer(data);
        return found.size();
    }

    /**
     * Removes the lock file of a server that is gone. A new one does so itself, unless the process id is still taken: by a
     * dead process that its parent has not waited for yet, or by another program that got the number.
     */
    private static void forgetServer(Path data) throws IOException {
        Files.deleteIfExists(data.resolve("postmaster.pid"));
    }

    /** SIGKILL to all of them; a base backup or initdb too. */
    void kill() throws IOException {
        for (long pid : find()) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    /** Empty for a process that has just ended, or of another user, which cannot be ours. */
    private static Optional<Path> link(Path link) {
        try {
            return Optional.of(Files.readSymbolicLink(link));
        } catch (IOException endedOrForeign) {
            return Optional.empty();
        }
    }
}
