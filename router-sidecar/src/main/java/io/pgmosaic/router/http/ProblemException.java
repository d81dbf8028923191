package io.pgmosaic.router.http;

/** Ends the handling of a request with a problem. Without a stack trace: it tells of the request, not of this program. */
final class ProblemException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    ProblemException(Problem problem) {
        super(problem.detail(), null, false, false);
        this.problem = problem;
    }

    Problem problem() {
        return problem;
    }
}
