package io.pgmosaic.instance.command;

import io.pgmosaic.instance.lease.Lease;
import io.pgmosaic.instance.volume.Assignment;
import io.pgmosaic.protocol.instance.InstanceRole;

import java.util.function.LongSupplier;

/** Gives the lease that an assignment comes with. */
final class Tenure {
    private final Lease lease;
    private final LongSupplier clock;

    /** @param clock monotonic nanoseconds */
    Tenure(Lease lease, LongSupplier clock) {
        this.lease = lease;
        this.clock = clock;
    }

    /** To be called before the server starts, or is promoted, as what the assignment says. */
    void begin(Assignment assignment) {
        if (assignment.role() == InstanceRole.PRIMARY) {
            lease.grant(assignment.term(), assignment.configuration().lease(), clock.getAsLong());
        } else {
            lease.release();
        }
    }

    /** To be called when the running server has taken the assignment. */
    void change(Assignment assignment) {
        if (assignment.role() == InstanceRole.PRIMARY) {
            lease.change(assignment.term(), assignment.configuration().lease(), clock.getAsLong());
        } else {
            lease.release();
        }
    }
}
