package io.pgmosaic.instance.lease;

import io.pgmosaic.instance.volume.Assignment;
import io.pgmosaic.instance.volume.StoredState;
import io.pgmosaic.protocol.instance.InstanceRole;
import io.pgmosaic.protocol.instance.Upstream;
import org.jspecify.annotations.Nullable;

/**
 * Whom a standby follows.
 *
 * @param term in which it does
 */
record Followed(Upstream upstream, long term) {

    /** @return null when the instance follows nobody in the term that it has promised */
    static @Nullable Followed of(StoredState stored) {
        Assignment assignment = stored.assignment();
        if (assignment == null
                || assignment.role() != InstanceRole.STANDBY
                || assignment.stopped()
                || assignment.upstream() == null
                || assignment.term() != stored.promisedTerm()) {
            return null;
        }
        return new Followed(assignment.upstream(), assignment.term());
    }
}
