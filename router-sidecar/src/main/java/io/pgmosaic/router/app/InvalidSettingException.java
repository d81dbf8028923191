package io.pgmosaic.router.app;

/** A setting is missing or wrong; the message names it and says what to write. */
final class InvalidSettingException extends Exception {
    private static final long serialVersionUID = 1L;

    InvalidSettingException(String message) {
        super(message);
    }
}
