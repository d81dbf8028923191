package io.pgmosaic.operator.retention;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * A span of time whose rows are not to be kept any more.
 *
 * @param group of the tables; empty for none
 * @param region null when rows have none
 * @param until the first time after it, as the map has it
 * @param since when the retention was over
 * @param shards on which such rows may be
 * @param statements that delete them on a shard, one for each table
 */
public record ExpiredPeriod(
        String group,
        @Nullable String region,
        String until,
        Instant since,
        List<String> shards,
        List<String> statements) {
    public ExpiredPeriod {
        shards = List.copyOf(shards);
        statements = List.copyOf(statements);
    }

    /** For a person. */
    public String message() {
        return "rows before " + until + (region == null ? "" : " of region " + region)
                + (group.isEmpty() ? "" : " in the tables of group " + group)
                + " were to be kept until " + since + "; on each of " + String.join(", ", shards) + ": "
                + String.join("; ", statements);
    }
}
