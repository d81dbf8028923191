package io.pgmosaic.operator.instance;

import io.pgmosaic.protocol.instance.Refusal;

/** What an instance manager answered to a command. */
public sealed interface CommandOutcome {
    /** The effect is there. */
    record Done() implements CommandOutcome {}

    /** The work has begun; its progress is in the instance's status. */
    record Begun() implements CommandOutcome {}

    /** Nothing changed. */
    record Refused(Refusal refusal) implements CommandOutcome {}
}
