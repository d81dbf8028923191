package io.pgmosaic.instance.postgres;

import io.pgmosaic.protocol.instance.Upstream;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Takes from a stopped server's data what its upstream's log does not have. */
public final class Rewind {
    private final Programs programs;
    private final RunFiles files;
    private final PostgresVersion version;

    public Rewind(Programs programs, RunFiles files, PostgresVersion version) {
        this.programs = programs;
        this.files = files;
        this.version = version;
    }

    /**
     * Finds out whether {@link #run} would work, and changes nothing.
     *
     * @throws ProgramFailedException when it would not
     */
    public void rehearse(Path data, Upstream upstream, String instance, long term, Cancellation cancellation)
            throws IOException, InterruptedException {
        pgRewind(data, upstream, instance, term, List.of("--dry-run"), cancellation);
    }

    /**
     * Rewrites the data, the server's configuration files with it. When it fails or is cut short the data is good for
     * nothing.
     */
    public void run(Path data, Upstream upstream, String instance, long term, Cancellation cancellation)
            throws IOException, InterruptedException {
        pgRewind(data, upstream, instance, term, List.of(), cancellation);
    }

    private void pgRewind(
            Path data, Upstream upstream, String instance, long term, List<String> further, Cancellation cancellation)
            throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(
                "--target-pgdata=" + data,
                "--source-server=" + UpstreamConnection.text(upstream, instance + "_rewind", term, files, version)
                        + " dbname=postgres options='-c search_path=pg_catalog'",
                "--no-ensure-shutdown"));
        arguments.addAll(further);
        programs.run("pg_rewind", arguments, "", cancellation, line -> {});
    }
}
