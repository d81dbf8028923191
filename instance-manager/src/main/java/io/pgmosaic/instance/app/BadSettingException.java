package io.pgmosaic.instance.app;

/** An environment variable is missing or has a value that cannot be used; the message names it. */
public final class BadSettingException extends Exception {
    private static final long serialVersionUID = 1L;

    BadSettingException(String variable, String what) {
        super(variable + " " + what);
    }
}
