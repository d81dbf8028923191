package io.pgmosaic.local.chaos;

import io.pgmosaic.api.v1alpha1.split.SplitPhase;
import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * One split of a run: how it is to end, and what breaks meanwhile.
 *
 * @param keepsSource whether the source is one of its own targets; otherwise two new shards take its place
 * @param undoneIn the phase in which a rollback is asked for; null when the split is to be completed
 */
record SplitTurn(boolean keepsSource, @Nullable SplitPhase undoneIn, List<SplitFault> faults) {
    SplitTurn {
        faults = List.copyOf(faults);
    }

    @Override
    public String toString() {
        return (keepsSource ? "a part moves" : "everything moves") + ", "
                + (undoneIn == null ? "to be completed" : "to be undone in " + undoneIn) + ", " + faults;
    }
}
