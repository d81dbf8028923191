package io.pgmosaic.operator.instance;

import io.pgmosaic.protocol.instance.InstanceCommand;
import io.pgmosaic.protocol.instance.InstanceStatus;

/** Asks and commands instance managers. Calls block for a bounded time. */
public interface InstanceClient {
    /**
     * The instance's status, now or at its next change.
     *
     * @throws InstanceUnreachableException when no status came in time
     */
    InstanceStatus status(InstanceEndpoint endpoint, StatusRequest request)
            throws InstanceUnreachableException, InterruptedException;

    /**
     * Sends a command; repeating it is harmless. One to an instance that has promised nothing is sent only after the record
     * was found to lead to it still.
     *
     * @throws InstanceUnreachableException when no answer came in time
     */
    CommandOutcome send(InstanceEndpoint endpoint, InstanceCommand command)
            throws InstanceUnreachableException, InterruptedException;
}
