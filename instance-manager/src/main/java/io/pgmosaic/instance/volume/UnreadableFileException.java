package io.pgmosaic.instance.volume;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;

/** A file of the manager's own on the volume is there and cannot be trusted: torn, edited, or not readable. */
public final class UnreadableFileException extends IOException {
    private static final long serialVersionUID = 1L;

    UnreadableFileException(Path file, String what, @Nullable Throwable cause) {
        super(
                file
                        + " "
                        + what
                        + "; without it this instance cannot know what it promised, so it serves nothing. It is"
                        + " cloned anew when the operator says that its data may be replaced",
                cause);
    }
}
