package io.pgmosaic.operator.split.plan;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;

/**
 * All that a plan is made from.
 *
 * @param mapVersion of the map in force
 * @param switched whether the targets have the keys
 * @param finished whether there is no way back
 * @param sourceStays whether the source is one of the parts
 * @param parts one for each target, never none
 * @param wishes what a person wants
 */
public record SplitFacts(
        long mapVersion,
        boolean switched,
        boolean finished,
        boolean sourceStays,
        List<PartFacts> parts,
        Wishes wishes) {
    public SplitFacts {
        parts = List.copyOf(parts);
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("a split has a target");
        }
    }

    /** Bytes of the log that are to be applied, of the part that is furthest behind; null while nothing flows. */
    public @Nullable Long lagBytes() {
        return parts.stream()
                .map(part -> part.direction(switched).go())
                .filter(StreamFacts::isFlowing)
                .map(StreamFacts::lagBytes)
                .max(Long::compare)
                .orElse(null);
    }

    /**
     * What a person wants.
     *
     * @param giveUp to undo the split
     * @param mayCutOver whether the cut-over may begin now
     * @param whyNot for a person, when it may not
     * @param sinceSwitch how long the targets have had the keys; zero while they have not
     * @param soakTime how long a way back stays
     */
    public record Wishes(boolean giveUp, boolean mayCutOver, String whyNot, Duration sinceSwitch, Duration soakTime) {}
}
