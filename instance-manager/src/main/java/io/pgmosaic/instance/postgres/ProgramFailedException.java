package io.pgmosaic.instance.postgres;

import java.io.IOException;

/** One of PostgreSQL's programs ended with an error; the message holds the end of what it said. */
public final class ProgramFailedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String output;

    ProgramFailedException(String program, int exitCode, String output) {
        super(program + " failed with exit code " + exitCode + ": " + output);
        this.output = output;
    }

    /** The last lines on its standard error. */
    public String output() {
        return output;
    }
}
