package io.pgmosaic.local.demo;

/**
 * One step of a scenario.
 *
 * @param title what it is about to do, in words a person understands
 */
public record Step(String title, Action action) {
    /** What a step does. */
    @FunctionalInterface
    public interface Action {
        /**
         * Does it and checks what follows.
         *
         * @return what was found, in words
         * @throws StepFailed when something else followed
         */
        String run() throws StepFailed, InterruptedException;
    }
}
