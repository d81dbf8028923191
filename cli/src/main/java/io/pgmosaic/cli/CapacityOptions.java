package io.pgmosaic.cli;

import io.fabric8.kubernetes.api.model.Quantity;
import io.pgmosaic.routing.plan.Load;
import io.pgmosaic.routing.plan.ShardCapacity;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

import java.util.Objects;

/** What one shard is meant to carry, and what all of them would have to. */
final class CapacityOptions {
    @Option(names = "--shard-bytes", paramLabel = "QUANTITY", description = "Data of one shard at most, such as 200Gi.")
    private @Nullable String shardBytes;

    @Option(names = "--shard-writes", paramLabel = "N", description = "Writes a second of one primary at most.")
    private @Nullable Double shardWrites;

    @Option(names = "--shard-reads", paramLabel = "N", description = "Reads a second of one server at most.")
    private @Nullable Double shardReads;

    @Option(
            names = "--read-servers",
            paramLabel = "N",
            description = "Servers of a shard that take reads; 1 by default.")
    private @Nullable Integer readServers;

    @Option(
            names = "--bytes",
            paramLabel = "QUANTITY",
            description = "Data of all shards; what there is now by default.")
    private @Nullable String bytes;

    @Option(names = "--writes", paramLabel = "N", description = "Writes a second of all shards at the busiest time.")
    private @Nullable Double writes;

    @Option(names = "--reads", paramLabel = "N", description = "Reads a second of all shards at the busiest time.")
    private @Nullable Double reads;

    /** @throws IllegalArgumentException when a number is not above 0 */
    ShardCapacity capacity() {
        return new ShardCapacity(
                shardBytes == null ? Double.MAX_VALUE : bytes("--shard-bytes", shardBytes),
                Objects.requireNonNullElse(shardWrites, Double.MAX_VALUE),
                Objects.requireNonNullElse(shardReads, Double.MAX_VALUE),
                Objects.requireNonNullElse(readServers, 1));
    }

    /**
     * @param present bytes that there are; null when unknown
     * @throws IllegalArgumentException when a number is negative
     * @throws Refusal when the bytes matter and nobody knows them
     */
    Load load(@Nullable Long present) throws Refusal {
        if (bytes == null && present == null && shardBytes != null) {
            throw new Refusal("not every shard was measured yet: give --bytes, or ask again in a minute");
        }
        return new Load(
                bytes != null ? bytes("--bytes", bytes) : present != null ? present : 0,
                Objects.requireNonNullElse(writes, 0.0),
                Objects.requireNonNullElse(reads, 0.0));
    }

    private static double bytes(String option, String text) {
        try {
            return Quantity.getAmountInBytes(Quantity.parse(text)).doubleValue();
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new IllegalArgumentException(option + " is a quantity such as 200Gi or 1.5T, not " + text, e);
        }
    }
}
