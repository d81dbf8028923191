package io.pgmosaic.local.kubernetes;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A request that is answered with a Kubernetes {@code Status} of {@code Failure}. */
final class ApiProblem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int code;
    private final String reason;

    private ApiProblem(int code, String reason, String message) {
        super(message);
        this.code = code;
        this.reason = reason;
    }

    static ApiProblem notFound(String what) {
        return new ApiProblem(404, "NotFound", what + " not found");
    }

    static ApiProblem noSuchPath(String path) {
        return new ApiProblem(404, "NotFound", "the server could not find the requested resource: " + path);
    }

    static ApiProblem exists(String what) {
        return new ApiProblem(409, "AlreadyExists", what + " already exists");
    }

    static ApiProblem conflict(String message) {
        return new ApiProblem(409, "Conflict", message);
    }

    static ApiProblem modified(String what) {
        return conflict("Operation cannot be fulfilled on " + what
                + ": the object has been modified; please apply your changes to the latest version and try again");
    }

    static ApiProblem invalid(String message) {
        return new ApiProblem(422, "Invalid", message);
    }

    static ApiProblem badRequest(String message) {
        return new ApiProblem(400, "BadRequest", message);
    }

    static ApiProblem unsupportedMediaType(String type) {
        return new ApiProblem(415, "UnsupportedMediaType", "the body of the request was in an unknown format: " + type);
    }

    static ApiProblem methodNotAllowed(String method) {
        return new ApiProblem(405, "MethodNotAllowed", method + " is not supported on this resource");
    }

    static ApiProblem expired(String message) {
        return new ApiProblem(410, "Expired", message);
    }

    int code() {
        return code;
    }

    ObjectNode status() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("kind", "Status")
                .put("apiVersion", "v1")
                .put("status", "Failure")
                .put("message", getMessage())
                .put("reason", reason)
                .put("code", code);
    }
}
