package io.pgmosaic.operator.split.verify;

import io.pgmosaic.operator.split.SplitNames;

/** Which of a part's two shards has the keys and sends, and which one receives. */
public enum Direction {
    /** From the split's source to its target. */
    FORWARD,
    /** Back, from the target that has the keys already. */
    REVERSE;

    /** The name of the subscription at the receiver. */
    String subscription(SplitNames names) {
        return this == FORWARD ? names.forward() : names.reverse();
    }
}
