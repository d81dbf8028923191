package io.pgmosaic.operator.plan;

import java.util.List;

/**
 * Standbys of which {@code acknowledgements} must have a commit on disk before the client is told. With 0 a commit waits
 * for nobody.
 */
public record SynchronousSet(List<String> standbys, int acknowledgements) {
    public SynchronousSet {
        standbys = List.copyOf(standbys);
    }

    public static SynchronousSet none() {
        return new SynchronousSet(List.of(), 0);
    }

    /**
     * How many members must have promised a new term, so that every commit that this set has acknowledged is on one of
     * them: any {@code n - k + 1} of n meet any k of them. With k = 0 no number is enough.
     */
    int promisesNeeded() {
        return standbys.size() - acknowledgements + 1;
    }

    /** Whether these instances meet every group of members that may have acknowledged a commit. */
    boolean isMetBy(java.util.Collection<String> promised) {
        return standbys.stream().filter(promised::contains).count() >= promisesNeeded();
    }
}
