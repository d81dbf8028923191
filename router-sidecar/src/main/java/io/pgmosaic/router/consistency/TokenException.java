package io.pgmosaic.router.consistency;

/** A token is not taken. The message says why and what to do. */
public final class TokenException extends Exception {
    private static final long serialVersionUID = 1L;

    private final TokenFault fault;

    TokenException(TokenFault fault, String message) {
        super(message);
        this.fault = fault;
    }

    public TokenFault fault() {
        return fault;
    }
}
