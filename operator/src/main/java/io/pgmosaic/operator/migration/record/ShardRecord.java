package io.pgmosaic.operator.migration.record;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a shard's database says of a migration.
 *
 * @param statements that were begun, of all steps
 * @param rowsDone of the backfill, in the order of its key; 0 before it began
 * @param rowsTotal about how many there are; 0 before it began
 */
public record ShardRecord(List<Entry> statements, long rowsDone, long rowsTotal) {
    /**
     * A statement that was begun.
     *
     * @param number from 1; 0 for the row that begins a step back
     * @param doneAt by the shard's clock; empty while it has not run, or is running
     */
    public record Entry(Step step, int number, String checksum, Optional<Instant> doneAt) {
        public boolean isDone() {
            return doneAt.isPresent();
        }
    }

    public ShardRecord {
        statements = List.copyOf(statements);
    }

    /** That of a shard on which nothing was begun. */
    public static ShardRecord empty() {
        return new ShardRecord(List.of(), 0, 0);
    }

    public boolean hasBegun(Step step) {
        return statements.stream().anyMatch(entry -> entry.step() == step);
    }

    /** Whether statements 1 to {@code count} are done. */
    public boolean isDone(Step step, int count) {
        return statements.stream()
                        .filter(entry -> entry.step() == step && entry.number() > 0 && entry.isDone())
                        .count()
                >= count;
    }

    public Optional<Entry> find(Step step, int number) {
        return statements.stream()
                .filter(entry -> entry.step() == step && entry.number() == number)
                .findFirst();
    }

    /** When the last statement of a step was done; empty when none is. */
    public Optional<Instant> lastDone(Step step) {
        return statements.stream()
                .filter(entry -> entry.step() == step)
                .flatMap(entry -> entry.doneAt().stream())
                .max(Instant::compareTo);
    }
}
