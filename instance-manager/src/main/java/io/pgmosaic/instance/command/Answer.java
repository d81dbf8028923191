package io.pgmosaic.instance.command;

import io.pgmosaic.protocol.instance.Operation;
import io.pgmosaic.protocol.instance.Refusal;

/** What a command is answered. */
public sealed interface Answer {
    /** The effect is there. */
    record Done(Operation operation) implements Answer {}

    /** It has begun, or it began and failed; the operation says which. */
    record Begun(Operation operation) implements Answer {}

    /** Nothing changed. */
    record Refused(Refusal refusal) implements Answer {}
}
