package io.pgmosaic.instance.command;

import io.pgmosaic.instance.postgres.AppliedPosition;
import io.pgmosaic.instance.postgres.Cancellation;
import io.pgmosaic.instance.postgres.ConfigurationFiles;
import io.pgmosaic.instance.postgres.Credentials;
import io.pgmosaic.instance.postgres.LoadedConfiguration;
import io.pgmosaic.instance.postgres.LogFiles;
import io.pgmosaic.instance.postgres.ManagerSession;
import io.pgmosaic.instance.postgres.Poll;
import io.pgmosaic.instance.postgres.Postmaster;
import io.pgmosaic.instance.postgres.PrimaryQuery;
import io.pgmosaic.instance.postgres.RunFiles;
import io.pgmosaic.instance.postgres.ServerConfiguration;
import io.pgmosaic.instance.postgres.Sessions;
import io.pgmosaic.instance.postgres.Slots;
import io.pgmosaic.instance.volume.Assignment;
import io.pgmosaic.instance.volume.Volume;
import io.pgmosaic.protocol.instance.InstanceRole;
import io.pgmosaic.protocol.instance.PostgresState.ServerState;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Brings the server to an assignment. Used by the owner thread alone. */
final class Server {
    private static final Duration START_PATIENCE = Duration.ofSeconds(60);
    private static final Duration RELOAD_PATIENCE = Duration.ofSeconds(10);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(60);
    private static final Duration SESSIONS_PATIENCE = Duration.ofSeconds(10);
    private static final Duration PROMOTION_PATIENCE = Duration.ofMinutes(10);
    private static final long SQL_PATIENCE_SECONDS = 6;
    private static final System.Logger LOG = System.getLogger(Server.class.getName());

    private final Volume volume;
    private final ServerConfiguration configuration;
    private final RunFiles files;
    private final Credentials credentials;
    private final Postmaster postmaster;
    private final ManagerSession session;
    private final Tenure tenure;
    private final AppliedPosition position;
    /** What a running primary was last given; empty when nobody is waited for. */
    private String synchronousNames = "";

    Server(
            Volume volume,
            ServerConfiguration configuration,
            RunFiles files,
            Credentials credentials,
            Postmaster postmaster,
            ManagerSession session,
            AppliedPosition position,
            Tenure tenure) {
        this.volume = volume;
        this.configuration = configuration;
        this.files = files;
        this.credentials = credentials;
        this.postmaster = postmaster;
        this.session = session;
        this.tenure = tenure;
        this.position = position;
    }

    /** The text of {@code postgresql.conf}. */
    String text(Assignment assignment) throws IOException {
        return configuration.text(assignment, Files.getFileStore(volume.root()).getTotalSpace());
    }

    /** Starts the server with the assignment, or makes the running one take it; false when it does not take connections. */
    boolean bring(Assignment assignment, RunningOperation operation) throws IOException, InterruptedException {
        boolean ready;
        if (postmaster.alive()) {
            operation.step("reloading");
            ready = apply(assignment);
        } else {
            operation.step("starting PostgreSQL");
            ready = start(assignment, operation.cancellation());
        }
        slots(assignment);
        return ready;
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
        if (assignment.open()) {
            throw new IllegalStateException("a primary starts closed");
        }
        LogFiles.dropDanglingReservations(volume.data());
        ConfigurationFiles.write(volume.data(), text(assignment), assignment);
        passwords(assignment);
        session.forget();
        tenure.begin(assignment);
        position.forget();
        postmaster.start();
        if (assignment.role() == InstanceRole.PRIMARY) {
            becamePrimary(assignment);
        }
    }

    /** The password for the upstream of the assignment's term, and none for any other's. */
    void passwords(Assignment assignment) throws IOException {
        files.keepReplicationPasswordOnly(assignment.term());
        if (assignment.upstream() != null) {
            files.storeReplicationPassword(assignment.term(), credentials.replication());
        }
    }

    /** To be called when a primary starts, or a standby has become one, with the assignment. */
    void becamePrimary(Assignment assignment) {
        synchronousNames = assignment.configuration().synchronousStandbyNames();
        position.afterStart();
    }

    /** Writes the files of an assignment and has the running server read them; does not wait until it has. */
    void write(Assignment assignment) throws IOException, InterruptedException {
        ConfigurationFiles.write(volume.data(), text(assignment), assignment);
        postmaster.reload();
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
        String namesBefore = synchronousNames;
        String names = assignment.configuration().synchronousStandbyNames();
        boolean anotherRule = assignment.role() == InstanceRole.PRIMARY && !names.equals(namesBefore);
        if (anotherRule) {
            position.forget();
        }
        passwords(assignment);
        write(assignment);
        if (postmaster.state() != ServerState.RUNNING) {
            return false;
        }
        Map<String, String> evidence = configuration.evidence(assignment);
        boolean loaded =
                Poll.until(() -> ask(connection -> LoadedConfiguration.shows(connection, evidence)), RELOAD_PATIENCE);
        String complaint = ask(LoadedConfiguration::complaint).orElse("");
        if (!loaded || !complaint.isEmpty()) {
            ConfigurationFiles.restore(volume.data(), saved);
            postmaster.reload();
            if (anotherRule) {
                position.afterReload(names, namesBefore);
            }
            throw new IOException("PostgreSQL did not take the configuration, the one before is back: "
                    + (complaint.isEmpty() ? "no answer within " + RELOAD_PATIENCE.toSeconds() + " s" : complaint));
        }
        if (anotherRule) {
            synchronousNames = names;
            position.afterReload(namesBefore, names);
        }
        return true;
    }

    void slots(Assignment assignment) throws IOException, InterruptedException {
        if (postmaster.state() == ServerState.RUNNING) {
            ask(connection -> {
                Slots.dropInherited(connection);
                Slots.reconcile(connection, assignment.configuration().replicationSlots());
                return true;
            });
        }
    }

    /** Drops what a standby has of logical slots from when it was a primary; to be done before it is one again. */
    void dropInheritedSlots() throws IOException, InterruptedException {
        ask(connection -> {
            Slots.dropInherited(connection);
            return true;
        });
    }

    /** Returns when no application has a session any more. */
    void endApplications() throws IOException, InterruptedException {
        if (postmaster.state() == ServerState.RUNNING
                && !Poll.until(() -> ask(Sessions::endApplications) == 0, SESSIONS_PATIENCE)) {
            throw new IOException("sessions of applications do not end");
        }
    }

    /** Makes the stopped server start as a standby, whatever it was. */
    void markStandby() throws IOException {
        ConfigurationFiles.markStandby(volume.data());
    }

    boolean inRecovery() throws IOException, InterruptedException {
        return ask(PrimaryQuery::inRecovery);
    }

    /** The timeline that a primary writes. */
    long timeline() throws IOException, InterruptedException {
        return ask(PrimaryQuery::timeline);
    }

    /** When the server that runs was started, as the status tells it. */
    Instant startedAt() throws IOException, InterruptedException {
        return ask(PrimaryQuery::startedAt);
    }

    /** Makes the running standby the primary of the assignment; returns before it is. */
    void promote(Assignment assignment) throws IOException, InterruptedException {
        tenure.begin(assignment);
        postmaster.promote();
    }

    void awaitPrimary(Cancellation cancellation) throws IOException, InterruptedException {
        boolean promoted = Poll.until(
                () -> {
                    cancellation.check();
                    if (!postmaster.alive()) {
                        throw new IOException("PostgreSQL ended while it was promoted: " + postmaster.logTail());
                    }
                    return !inRecovery();
                },
                PROMOTION_PATIENCE);
        if (!promoted) {
            throw new IOException("PostgreSQL has not ended its recovery: " + postmaster.logTail());
        }
    }

    /** So that the shutdown that follows has little left to write. */
    void checkpoint() throws InterruptedException {
        try {
            position.checkpoint(STOP_PATIENCE);
        } catch (ExecutionException | TimeoutException e) {
            LOG.log(System.Logger.Level.WARNING, "no checkpoint before the shutdown: {0}", e.getMessage());
        }
    }

    void stop() throws IOException, InterruptedException {
        position.forget();
        postmaster.stop(STOP_PATIENCE);
    }

    /** Without a checkpoint. */
    void stopAtOnce() throws IOException, InterruptedException {
        position.forget();
        postmaster.stopAtOnce();
    }

    <T> T ask(ManagerSession.Work<T> work) throws IOException, InterruptedException {
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
