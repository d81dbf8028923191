package io.pgmosaic.protocol.instance;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * The command that the manager works on, or the last one it finished.
 *
 * @param command the command's path, such as {@code follow}
 * @param step what it does now, for a person: {@code base backup 63 %, 1.2 GiB of 1.9 GiB}
 * @param error why it failed; null unless {@code FAILED}
 */
public record Operation(
        String command,
        long term,
        State state,
        String step,
        Instant startedAt,
        @Nullable Instant finishedAt,
        @Nullable String error) {
    public enum State {
        RUNNING,
        SUCCEEDED,
        FAILED
    }
}
