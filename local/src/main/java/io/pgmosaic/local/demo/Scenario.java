package io.pgmosaic.local.demo;

import java.time.Duration;
import java.util.List;

/**
 * Steps that build on each other.
 *
 * @param steps in order; each relies on those before it
 */
public record Scenario(List<Step> steps) {
    /** A copy is kept. */
    public Scenario {
        steps = List.copyOf(steps);
    }

    /** Hears of the progress. */
    public interface Listener {
        /** A step begins. */
        void begins(Step step);

        /** A step has ended well. */
        void ends(Step step, String finding, Duration took);
    }

    /** Runs the steps until one fails. */
    public void run(Listener listener) throws StepFailed, InterruptedException {
        for (Step step : steps) {
            listener.begins(step);
            long began = System.nanoTime();
            String finding = step.action().run();
            listener.ends(step, finding, Duration.ofNanos(System.nanoTime() - began));
        }
    }
}
