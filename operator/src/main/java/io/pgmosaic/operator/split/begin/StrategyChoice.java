package io.pgmosaic.operator.split.begin;

import io.pgmosaic.api.v1alpha1.split.ShardSplitSpec;
import io.pgmosaic.api.v1alpha1.split.SplitStrategy;

import java.util.List;

/**
 * Whether the targets begin empty or with the source's data.
 *
 * @param why for a person
 */
public record StrategyChoice(boolean isPhysical, String why) {
    /** A copy from row to row begins anew when the operator ends; of what is smaller than this, that costs minutes. */
    static final long LARGE_BYTES = 64L << 30;

    /** Each target would be a whole copy. */
    private static final int MOST_CLONES = 2;

    /**
     * @param bytes of all databases of the source
     * @param obstacles to a clone, each for a person
     */
    public static StrategyChoice of(ShardSplitSpec split, long bytes, List<String> obstacles) {
        if (split.strategy() != SplitStrategy.AUTO) {
            return declared(split);
        }
        long targets = split.targets().stream()
                .filter(target -> !target.name().equals(split.source()))
                .count();
        if (bytes < LARGE_BYTES) {
            return logical("shard " + split.source() + " has " + bytes + " bytes, and a clone is made from "
                    + LARGE_BYTES + " on");
        }
        if (split.targets().size() == 1) {
            return logical("single keys move, and a clone would be a copy of the whole shard");
        }
        if (targets > MOST_CLONES) {
            return logical("there are " + targets + " new shards, and each would be a copy of the whole shard");
        }
        if (split.throttle().bytesPerSecond() != null) {
            return logical("throttle.bytesPerSecond does not limit a base backup");
        }
        if (!obstacles.isEmpty()) {
            return logical("shard " + split.source() + " cannot be cloned: " + obstacles.getFirst());
        }
        return new StrategyChoice(
                true, "shard " + split.source() + " has " + bytes + " bytes, which is " + LARGE_BYTES + " or more");
    }

    private static StrategyChoice declared(ShardSplitSpec split) {
        boolean isPhysical = split.strategy() == SplitStrategy.PHYSICAL;
        StringBuilder why = new StringBuilder("as declared");
        if (isPhysical && split.targets().size() == 1) {
            why.append("; single keys move, and a clone is a copy of the whole shard: Logical would copy less");
        }
        if (isPhysical && split.throttle().bytesPerSecond() != null) {
            why.append("; throttle.bytesPerSecond does not limit the base backup");
        }
        return new StrategyChoice(isPhysical, why.toString());
    }

    private static StrategyChoice logical(String why) {
        return new StrategyChoice(false, why);
    }

    /** For a person. */
    public String text() {
        return "strategy: " + (isPhysical ? "Physical, " : "Logical, ") + why;
    }
}
