package io.pgmosaic.local.cli;

import io.pgmosaic.local.demo.Scenario;
import io.pgmosaic.local.demo.Step;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** Tells on a terminal what a scenario does, as it goes. */
record Progress(PrintStream out) implements Scenario.Listener {
    @Override
    public void begins(Step step) {
        out.print(step.title() + " ... ");
        out.flush();
    }

    @Override
    public void ends(Step step, String finding, Duration took) {
        out.println(seconds(took));
        out.println("    " + finding);
        out.flush();
    }

    /** A duration as a person reads it. */
    static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    }
}
