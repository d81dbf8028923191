package io.pgmosaic.operator.split.copy;

import io.pgmosaic.operator.split.MovingTable;
import io.pgmosaic.operator.split.ShardDatabase;
import io.pgmosaic.operator.split.SplitNames;

import java.util.List;

/**
 * What is to be copied.
 *
 * @param split its name, for messages
 * @param slot that keeps the changes since the copy's moment: {@link SplitNames#forward} or {@link SplitNames#reverse}
 * @param from the shard that owns the keys
 * @param to the one that does not
 * @param mapVersion the version of the map by which that is so
 * @param tables all that move; those of which one references another are in one order or the other
 * @param isReceiverEmptied whether the receiver has no other rows of these tables, so that they can be emptied at once
 */
public record CopyOrder(
        SplitNames names,
        String split,
        String slot,
        ShardDatabase from,
        ShardDatabase to,
        long mapVersion,
        List<MovingTable> tables,
        boolean isReceiverEmptied) {
    public CopyOrder {
        tables = List.copyOf(tables);
    }
}
