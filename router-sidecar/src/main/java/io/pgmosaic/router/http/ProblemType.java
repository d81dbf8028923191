package io.pgmosaic.router.http;

/** The kinds of problem, each with its own {@code type}, title and status. */
public enum ProblemType {
    INVALID_REQUEST("invalid-request", "invalid request", 400),
    INVALID_KEY("invalid-key", "invalid key", 400),
    UNPLACED_KEY("unplaced-key", "no shard holds such a key", 400),
    TOKEN_MALFORMED("token-malformed", "malformed token", 400),
    TOKEN_TOO_LARGE("token-too-large", "token too large", 400),
    TOKEN_OF_ANOTHER_CLUSTER("token-of-another-cluster", "token of another cluster", 400),
    TOKEN_KEY_UNKNOWN("token-key-unknown", "unknown key of a token", 400),
    TOKEN_FORGED("token-forged", "forged token", 400),
    TOKEN_EXPIRED("token-expired", "token too old", 400),
    TOKEN_SHARD_UNKNOWN("token-shard-unknown", "token of an unknown shard", 400),
    REFERENCE_TABLE("reference-table-write", "reference tables are written on every shard", 400),
    DIRECTORY_FORBIDDEN("directory-forbidden", "not allowed to change the directory", 403),
    UNKNOWN_TABLE("unknown-table", "unknown table", 404),
    UNKNOWN_INDEX("unknown-index", "unknown lookup index", 404),
    VALUE_NOT_FOUND("value-not-found", "no key has the value", 404),
    UNKNOWN_PATH("unknown-path", "unknown path", 404),
    WRONG_METHOD("wrong-method", "wrong method", 405),
    DIRECTORY_CONFLICT("directory-conflict", "not possible in the directory", 409),
    TOO_LARGE("too-large", "request body too large", 413),
    TARGET_TOO_LONG("target-too-long", "request target too long", 414),
    HEADERS_TOO_LARGE("headers-too-large", "request headers too large", 431),
    RATE_LIMITED("rate-limited", "key looked up too often", 429),
    ROUTER_DEFECT("router-defect", "defect in the router", 500),
    NO_TOPOLOGY("no-topology", "no topology yet", 503),
    NO_TOKEN_KEYS("no-token-keys", "no keys for tokens", 503),
    GUARANTEE_UNMET("guarantee-unmet", "no server has the guarantee", 503),
    DIRECTORY_UNAVAILABLE("directory-unavailable", "the directory does not tell", 503),
    DIRECTORY_CHANGING("directory-changing", "the key changes hands", 503),
    INDEX_UNAVAILABLE("index-unavailable", "the lookup index does not tell", 503),
    SHARD_UNAVAILABLE("shard-unavailable", "shard unavailable", 503),
    SHARD_OVERLOADED("shard-overloaded", "shard overloaded", 503),
    ROUTER_BUSY("router-busy", "router busy", 503),
    NO_SNOWFLAKES("no-snowflakes", "no snowflakes now", 503);

    private final String name;
    private final String title;
    private final int status;

    ProblemType(String name, String title, int status) {
        this.name = name;
        this.title = title;
        this.status = status;
    }

    /** Identifies the kind to a program; a URN, since a sidecar has no site to explain itself on. */
    String uri() {
        return "urn:pgmosaic:problem:" + name;
    }

    String title() {
        return title;
    }

    int status() {
        return status;
    }
}
