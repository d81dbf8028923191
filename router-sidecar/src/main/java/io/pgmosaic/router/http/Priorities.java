package io.pgmosaic.router.http;

import io.pgmosaic.router.load.Priority;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/** Priorities as requests write them: the parameter, else the header, else the default. */
final class Priorities {
    static final CharSequence HEADER = HttpHeaders.createOptimized("X-Priority");

    private Priorities() {}

    /**
     * The request's.
     *
     * @param said by the query or the body; null when they do not
     * @throws ProblemException when the header has none
     */
    static int of(HttpServerRequest request, @Nullable Integer said) throws ProblemException {
        if (said != null) {
            return said;
        }
        @Nullable String header = request.getHeader(HEADER);
        return header == null ? Priority.DEFAULT : parse(header);
    }

    /** @throws ProblemException for anything but a number from the lowest priority to the highest */
    static int parse(String text) throws ProblemException {
        try {
            int priority = Integer.parseInt(text);
            if (priority >= Priority.LOWEST && priority <= Priority.HIGHEST) {
                return priority;
            }
        } catch (NumberFormatException notANumber) {
            // Answered like a number that is out of range.
        }
        throw QueryParameters.invalid("priority is a number from " + Priority.LOWEST + " to " + Priority.HIGHEST
                + ", not " + Problem.quoted(text));
    }
}
