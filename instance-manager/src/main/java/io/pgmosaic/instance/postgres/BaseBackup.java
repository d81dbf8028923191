package io.pgmosaic.instance.postgres;

import io.pgmosaic.instance.volume.DurableFiles;
import io.pgmosaic.protocol.instance.Upstream;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Copies an upstream's data into a directory that no server has seen yet. */
public final class BaseBackup {
    private final Programs programs;
    private final RunFiles files;
    private final PostgresVersion version;

    public BaseBackup(Programs programs, RunFiles files, PostgresVersion version) {
        this.programs = programs;
        this.files = files;
        this.version = version;
    }

    /**
     * Fills {@code target}, which is emptied first.
     *
     * @param term whose password file is used
     * @param slot of the upstream; when it is not there yet the copy is made without it, and the log that is written
     *     between the end of the copy and the start of streaming is kept by {@code wal_keep_size} alone
     * @param onProgress gets a line for a person
     */
    public void copy(
            Path target,
            Upstream upstream,
            String instance,
            long term,
            String slot,
            Cancellation cancellation,
            Consumer<String> onProgress)
            throws IOException, InterruptedException {
        try {
            run(target, upstream, instance, term, List.of("--slot=" + slot), cancellation, onProgress);
        } catch (ProgramFailedException e) {
            if (!e.output().contains("replication slot \"" + slot + "\" does not exist")) {
                throw e;
            }
            run(target, upstream, instance, term, List.of(), cancellation, onProgress);
        }
    }

    private void run(
            Path target,
            Upstream upstream,
            String instance,
            long term,
            List<String> further,
            Cancellation cancellation,
            Consumer<String> onProgress)
            throws IOException, InterruptedException {
        DurableFiles.deleteTree(target);
        List<String> arguments = new ArrayList<>(List.of(
                "--pgdata=" + target,
                "--dbname=" + UpstreamConnection.text(upstream, instance + "_clone", term, files, version),
                "--wal-method=stream",
                "--checkpoint=fast",
                "--progress",
                "--no-password"));
        arguments.addAll(further);
        programs.run("pg_basebackup", arguments, "", cancellation, line -> {
            BackupProgress progress = BackupProgress.parse(line);
            if (progress != null) {
                onProgress.accept(progress.text());
            }
        });
    }
}
