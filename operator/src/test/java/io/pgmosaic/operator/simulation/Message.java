package io.pgmosaic.operator.simulation;

import io.pgmosaic.protocol.instance.InstanceCommand;
import io.pgmosaic.protocol.instance.InstanceStatus;

/** Something under way; it arrives whenever the schedule says, more than once or never. */
sealed interface Message {
    int from();

    int to();

    /** An operator's command; a connection does not outlive the process that it was made to. */
    record Command(int from, int to, int boot, InstanceCommand command) implements Message {}

    /** An instance's answer to an operator that asked for its status. */
    record Answer(int from, int to, InstanceStatus status) implements Message {}

    /** A standby tells its upstream how far it has flushed, over this connection. */
    record Confirmation(int from, int to, long connection, int flushed) implements Message {}
}
