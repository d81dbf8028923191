package io.pgmosaic.operator.plan;

import org.jspecify.annotations.Nullable;

/**
 * What became of the switchover that the spec asks for.
 *
 * @param to the instance that was asked for
 * @param request the request's text; null when it has none
 * @param message why, for a person
 */
public record SwitchoverOutcome(String to, @Nullable String request, State state, String message) {
    public enum State {
        RUNNING("Running"),
        DONE("Done"),
        /** Not safe now; done once it is. */
        REFUSED("Refused");

        private final String word;

        State(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    boolean answers(String instance, @Nullable String asked) {
        return to.equals(instance) && java.util.Objects.equals(request, asked);
    }
}
