package io.pgmosaic.instance.command;

import io.pgmosaic.instance.volume.Assignment;
import io.pgmosaic.instance.volume.StoredState;
import io.pgmosaic.instance.volume.Volume;
import io.pgmosaic.protocol.instance.InstanceIdentity;

import java.io.IOException;

/** Writes down what the instance is to be, before it is made so. On the owner thread. */
final class Records {
    private final InstanceIdentity identity;
    private final Volume volume;
    private final Runnable onChange;

    /** @param onChange called when an assignment was stored that differs from the one before */
    Records(InstanceIdentity identity, Volume volume, Runnable onChange) {
        this.identity = identity;
        this.volume = volume;
        this.onChange = onChange;
    }

    StoredState read() throws IOException {
        return StoredState.read(volume);
    }

    void store(Assignment assignment) throws IOException {
        StoredState stored = StoredState.whatIsReadable(volume);
        // The identity last: until it is this cluster's, the numbers of an earlier cluster's configurations do not
        // count.
        if (!assignment.equals(stored.assignment())) {
            volume.assignment().write(assignment);
        }
        if (!identity.equals(stored.identity())) {
            volume.identity().write(identity);
        }
        if (!assignment.equals(stored.assignment())) {
            onChange.run();
        }
    }
}
