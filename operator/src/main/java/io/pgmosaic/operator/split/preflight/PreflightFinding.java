package io.pgmosaic.operator.split.preflight;

/**
 * Something about a split that a person should know before it begins.
 *
 * @param isProblem whether the split cannot begin because of it; otherwise it goes its way all the same
 * @param about a table, a setting, a session: what the finding is about
 * @param message what was found
 * @param advice what to do about it; empty for what needs nothing
 */
public record PreflightFinding(boolean isProblem, String about, String message, String advice) {
    static PreflightFinding problem(String about, String message, String advice) {
        return new PreflightFinding(true, about, message, advice);
    }

    static PreflightFinding information(String about, String message) {
        return new PreflightFinding(false, about, message, "");
    }
}
