package io.pgmosaic.operator.split.verify;

import java.util.Optional;

/** Follows a comparison, and holds it up or ends it. Called by several threads, often: it answers at once. */
public interface Watch {
    /** How far it is. */
    void progress(Progress progress);

    /** Why nothing more should be read now, such as a sender that has too much to do; empty to go on. Asked again until it is. */
    Optional<String> pause();

    /** Whether to give up. It ends within about a second. */
    boolean cancelled();
}
