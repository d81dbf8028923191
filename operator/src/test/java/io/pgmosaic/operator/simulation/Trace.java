package io.pgmosaic.operator.simulation;

import java.util.function.Supplier;

/** What happened, for a person who replays a seed. */
final class Trace {
    private final StringBuilder text = new StringBuilder();
    private final boolean on;

    Trace(boolean on) {
        this.on = on;
    }

    void say(Supplier<String> what) {
        if (on) {
            text.append(what.get()).append('\n');
        }
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
