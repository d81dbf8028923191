package io.pgmosaic.instance.command;

import io.pgmosaic.instance.postgres.Postmaster;
import io.pgmosaic.instance.volume.Assignment;
import io.pgmosaic.instance.volume.DataInspection;
import io.pgmosaic.instance.volume.StoredState;
import io.pgmosaic.instance.volume.Unfinished;
import io.pgmosaic.instance.volume.Volume;
import io.pgmosaic.protocol.instance.DataDirectory;
import io.pgmosaic.protocol.instance.InstanceIdentity;
import io.pgmosaic.protocol.instance.InstanceRole;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;

/**
 * The only thing that is started without a command: a standby, as what it last was, when the manager starts or the server
 * died. It cannot acknowledge anything it should not, since it streams only in the term that it has promised; what a revoke
 * made of a primary streams from nobody. A primary is
 * never started here; that is the operator's decision.
 */
final class StandbyRestart {
    private static final System.Logger LOG = System.getLogger(StandbyRestart.class.getName());
    private static final Duration FIRST_DELAY = Duration.ofMillis(500);
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(10);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
    private static final Duration CALM = Duration.ofSeconds(60);

    private final InstanceIdentity identity;
    private final Volume volume;
    private final int imageMajor;
    private final Server server;
    private final Postmaster postmaster;
    private final LogEnd logEnd;
    private final OwnerThread owner;
    private Duration delay = FIRST_DELAY;
    private Instant lastStart = Instant.EPOCH;

    StandbyRestart(
            InstanceIdentity identity,
            Volume volume,
            int imageMajor,
            Server server,
            Postmaster postmaster,
            LogEnd logEnd,
            OwnerThread owner) {
        this.identity = identity;
        this.volume = volume;
        this.imageMajor = imageMajor;
        this.server = server;
        this.postmaster = postmaster;
        this.logEnd = logEnd;
        this.owner = owner;
    }

    /** After the server died: with a growing delay, begun anew after a minute of calm. */
    synchronized void afterCrash() {
        if (lastStart.isBefore(Instant.now().minus(CALM))) {
            delay = FIRST_DELAY;
        }
        owner.later(delay, this::startIfStandby);
        delay = delay.multipliedBy(2).compareTo(LONGEST_DELAY) > 0 ? LONGEST_DELAY : delay.multipliedBy(2);
    }

    /** Whether what is on the volume may run without the operator having said so now. Pure. */
    static boolean harmless(InstanceIdentity identity, StoredState stored, DataDirectory data) {
        Assignment assignment = stored.assignment();
        return data.state() == DataDirectory.State.PRESENT
                && identity.equals(stored.identity())
                && assignment != null
                && assignment.role() == InstanceRole.STANDBY
                && !assignment.stopped()
                && assignment.unfinished() == Unfinished.NOTHING
                && assignment.term() == stored.promisedTerm();
    }

    /** So that the status tells it again although nobody asks for it by a command. */
    private void lookForLogEnd() {
        try {
            Assignment assignment = StoredState.read(volume).assignment();
            if (assignment != null && assignment.isDetached() && postmaster.alive() && logEnd.look() == null) {
                owner.later(LOOK_AGAIN, this::lookForLogEnd);
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "the end of the log is not known yet: {0}", e.getMessage());
            owner.later(LOOK_AGAIN, this::lookForLogEnd);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** On the owner thread. */
    void startIfStandby() {
        try {
            StoredState stored = StoredState.read(volume);
            Assignment assignment = stored.assignment();
            DataDirectory data = DataInspection.inspect(volume, imageMajor, stored.identity());
            if (assignment == null
                    || postmaster.alive()
                    || !harmless(identity, stored, data)
                    || !(assignment.isDetached() || Files.exists(volume.data().resolve("standby.signal")))) {
                return;
            }
            synchronized (this) {
                lastStart = Instant.now();
            }
            LOG.log(System.Logger.Level.INFO, "starting the standby that is on the volume");
            server.launch(assignment);
            if (assignment.isDetached()) {
                owner.later(LOOK_AGAIN, this::lookForLogEnd);
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "cannot start the standby that is on the volume", e);
            afterCrash();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
