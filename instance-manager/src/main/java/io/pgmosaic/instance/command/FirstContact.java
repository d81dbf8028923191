package io.pgmosaic.instance.command;

import org.jspecify.annotations.Nullable;

import java.util.UUID;

/**
 * What the first command to a volume without a promise has to hand back. It is new at every start of the manager and after
 * each use, so no command that was under way before it was asked for has it.
 */
final class FirstContact {
    private volatile String challenge = UUID.randomUUID().toString();

    String challenge() {
        return challenge;
    }

    boolean isAnsweredBy(@Nullable String answer) {
        return challenge.equals(answer);
    }

    /** To be called when a promise was stored where none was. */
    void made() {
        challenge = UUID.randomUUID().toString();
    }
}
