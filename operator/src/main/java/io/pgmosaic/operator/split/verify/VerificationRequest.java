package io.pgmosaic.operator.split.verify;

import io.pgmosaic.operator.split.MovingTable;
import io.pgmosaic.operator.split.SplitNames;

import java.time.Duration;
import java.util.List;

/**
 * What is to be compared.
 *
 * @param names of the part
 * @param direction of the stream that is up
 * @param tables with the condition by which rows are the part's
 * @param receiverHasOthers whether the receiver's tables may hold rows that are not the part's; otherwise every row there is
 *     compared, and one that the condition does not name is one too many
 * @param repair whether rows that differ are made equal to the sender's
 * @param sessions how many read at once on each side, from 1
 * @param patience how long the stream may take to reach a marker before the comparison fails
 */
public record VerificationRequest(
        SplitNames names,
        Direction direction,
        List<MovingTable> tables,
        boolean receiverHasOthers,
        boolean repair,
        int sessions,
        Duration patience) {
    public VerificationRequest {
        tables = List.copyOf(tables);
        if (sessions < 1) {
            throw new IllegalArgumentException("at least one session reads, not " + sessions);
        }
    }

    String subscription() {
        return direction.subscription(names);
    }

    String stem() {
        return names.stem();
    }
}
