package io.pgmosaic.instance.command;

import io.pgmosaic.instance.postgres.Cancellation;
import io.pgmosaic.instance.postgres.ControlData;
import io.pgmosaic.instance.postgres.LogFiles;
import io.pgmosaic.instance.postgres.Postmaster;
import io.pgmosaic.instance.postgres.Programs;
import io.pgmosaic.instance.volume.Assignment;
import io.pgmosaic.instance.volume.Unfinished;
import io.pgmosaic.instance.volume.Volume;
import io.pgmosaic.protocol.instance.InstanceCommand;
import io.pgmosaic.protocol.instance.InstanceRole;
import io.pgmosaic.protocol.instance.LogPosition;

import java.io.IOException;
import java.time.Duration;

/**
 * Makes a detached standby the primary of a term, on the timeline of that number, closed. Whatever cuts it short, doing it
 * again brings it to its end.
 */
final class Promotion {
    private final Volume volume;
    private final Programs programs;
    private final Records records;
    private final Server server;
    private final Postmaster postmaster;
    private final LogEnd logEnd;

    Promotion(Volume volume, Programs programs, Records records, Server server, Postmaster postmaster, LogEnd logEnd) {
        this.volume = volume;
        this.programs = programs;
        this.records = records;
        this.server = server;
        this.postmaster = postmaster;
        this.logEnd = logEnd;
    }

    String perform(InstanceCommand.Promote command, RunningOperation operation)
            throws IOException, InterruptedException {
        long term = command.term();
        Assignment before = records.read().assignment();
        boolean primaryAlready =
                before != null && before.role() == InstanceRole.PRIMARY && before.unfinished() == Unfinished.NOTHING;
        boolean open = before != null && primaryAlready && before.open() && postmaster.alive();
        Assignment primary = Assignment.primary(term, command.configuration()).withOpen(open);
        if (!primaryAlready) {
            records.store(primary.with(Unfinished.PROMOTION));
            logEnd.forget();
            become(primary, operation);
        }
        records.store(primary);
        operation.step("configuring");
        if (primaryAlready && postmaster.alive()) {
            server.apply(primary);
        } else if (!postmaster.alive()) {
            server.start(primary, operation.cancellation());
        }
        server.slots(primary);
        return "primary of term " + term;
    }

    private void become(Assignment primary, RunningOperation operation) throws IOException, InterruptedException {
        long term = primary.term();
        operation.step("putting the applications out");
        if (postmaster.alive()) {
            if (!server.apply(primary)) {
                throw new IOException("PostgreSQL does not take connections: " + postmaster.logTail());
            }
        } else {
            restart(primary, operation.cancellation());
        }
        server.endApplications();
        if (server.inRecovery()) {
            operation.step("promoting");
            server.dropInheritedSlots();
            checkOwnTimeline(primary, operation.cancellation());
            LogFiles.reserveTimelines(volume.data(), term);
            operation.cancellation().check();
            server.promote(primary);
            server.awaitPrimary(operation.cancellation());
        }
        long timeline = server.timeline();
        if (timeline != term) {
            server.stopAtOnce();
            throw new IOException("the promotion has led to timeline " + timeline + " instead of " + term
                    + "; PostgreSQL is stopped. Revoke with a later term");
        }
        server.becamePrimary(primary);
    }

    /** After a promotion that was cut short: on the new timeline if it had got there, else as the standby it still is. */
    private void restart(Assignment primary, Cancellation cancellation) throws IOException, InterruptedException {
        if (ControlData.read(programs, volume.data()).timeline() < primary.term()) {
            LogFiles.forgetTimeline(volume.data(), primary.term());
            server.markStandby();
        }
        if (!server.start(primary, cancellation)) {
            throw new IOException("PostgreSQL still replays its log: " + postmaster.logTail());
        }
    }

    private void checkOwnTimeline(Assignment primary, Cancellation cancellation)
            throws IOException, InterruptedException {
        LogPosition end = logEnd.await(Duration.ofHours(1), cancellation);
        logEnd.forget();
        if (end.timeline() >= primary.term()) {
            throw new IOException("the log is on timeline " + end.timeline() + " already, term " + primary.term()
                    + " cannot begin there");
        }
    }
}
