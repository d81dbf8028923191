package io.pgmosaic.instance.command;

import io.pgmosaic.instance.postgres.Cancellation;
import io.pgmosaic.instance.postgres.ConfigurationFiles;
import io.pgmosaic.instance.postgres.LoadedConfiguration;
import io.pgmosaic.instance.postgres.ManagerSession;
import io.pgmosaic.instance.postgres.Poll;
import io.pgmosaic.instance.postgres.Postmaster;
import io.pgmosaic.instance.postgres.ServerConfiguration;
import io.pgmosaic.instance.postgres.Slots;
import io.pgmosaic.instance.volume.Assignment;
import io.pgmosaic.instance.volume.Volume;
import io.pgmosaic.protocol.instance.PostgresState.ServerState;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Brings the server to an assignment. Used by the owner thread alone. */
final class Server {
    private static final Duration START_PATIENCE = Duration.ofSeconds(60);
    private static final Duration RELOAD_PATIENCE = Duration.ofSeconds(10);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(60);
    private static final long SQL_PATIENCE_SECONDS = 6;

    private final Volume volume;
    private final ServerConfiguration configuration;
    private final Postmaster postmaster;
    private final ManagerSession session;
    private final Tenure tenure;

    Server(
            Volume volume,
            ServerConfiguration configuration,
            Postmaster postmaster,
            ManagerSession session,
            Tenure tenure) {
        this.volume = volume;
        this.configuration = configuration;
        this.postmaster = postmaster;
        this.session = session;
        this.tenure = tenure;
    }

    /** The text of {@code postgresql.conf}. */
    String text(Assignment assignment) throws IOException {
        return configuration.text(assignment, Files.getFileStore(volume.root()).getTotalSpace());
    }

    /**
     * Starts the server and waits until it takes connections.
     *
     * @return false when it is there and still replays its log after a minute
     * @throws IOException when it ended instead; the message holds the end of its log
     */
    boolean start(Assignment assignment, Cancellation cancellation) throws IOException, InterruptedException {
        launch(assignment);
        boolean ready = postmaster.awaitReady(START_PATIENCE, cancellation);
        if (!postmaster.alive()) {
            throw new IOException("PostgreSQL does not start: " + postmaster.logTail());
        }
        return ready;
    }

    /** Starts the server and does not wait. */
    void launch(Assignment assignment) throws IOException, InterruptedException {
        ConfigurationFiles.write(volume.data(), text(assignment), assignment);
        session.forget();
        tenure.begin(assignment);
        postmaster.start();
    }

    /**
     * Makes the running server take the assignment's configuration; returns when it has. When it complains, the files are
     * as they were.
     *
     * @return false when the server does not take connections, so that it could not be asked
     */
    boolean apply(Assignment assignment) throws IOException, InterruptedException {
        boolean effective = load(assignment);
        tenure.change(assignment);
        return effective;
    }

    private boolean load(Assignment assignment) throws IOException, InterruptedException {
        ConfigurationFiles.Saved saved = ConfigurationFiles.save(volume.data());
        ConfigurationFiles.write(volume.data(), text(assignment), assignment);
        if (postmaster.state() != ServerState.RUNNING) {
            postmaster.reload();
            return false;
        }
        Map<String, String> evidence = configuration.evidence(assignment);
        postmaster.reload();
        boolean loaded =
                Poll.until(() -> ask(connection -> LoadedConfiguration.shows(connection, evidence)), RELOAD_PATIENCE);
        String complaint = ask(LoadedConfiguration::complaint).orElse("");
        if (!loaded || !complaint.isEmpty()) {
            ConfigurationFiles.restore(volume.data(), saved);
            postmaster.reload();
            throw new IOException("PostgreSQL did not take the configuration, the one before is back: "
                    + (complaint.isEmpty() ? "no answer within " + RELOAD_PATIENCE.toSeconds() + " s" : complaint));
        }
        return true;
    }

    void slots(Assignment assignment) throws IOException, InterruptedException {
        if (postmaster.state() == ServerState.RUNNING) {
            ask(connection -> {
                Slots.reconcile(connection, assignment.configuration().replicationSlots());
                return true;
            });
        }
    }

    void stop() throws IOException, InterruptedException {
        postmaster.stop(STOP_PATIENCE);
    }

    private <T> T ask(ManagerSession.Work<T> work) throws IOException, InterruptedException {
        try {
            return session.submit(work).get(SQL_PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IOException("PostgreSQL answers the manager: " + cause.getMessage(), e);
        } catch (TimeoutException e) {
            throw new IOException("PostgreSQL does not answer the manager within " + SQL_PATIENCE_SECONDS + " s", e);
        }
    }
}
