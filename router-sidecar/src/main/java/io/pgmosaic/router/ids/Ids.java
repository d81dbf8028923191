package io.pgmosaic.router.ids;

import java.util.function.IntFunction;

/** Ids of every kind. Thread-safe. */
public final class Ids {
    /** Takes snowflakes. */
    @FunctionalInterface
    public interface SnowflakeSource {
        /** Does not block; the first time, it makes the router ask for a machine number. */
        Draw draw(int count);
    }

    private final SnowflakeSource snowflakes;
    private final RandomIds random = new RandomIds();

    public Ids(SnowflakeSource snowflakes) {
        this.snowflakes = snowflakes;
    }

    /** Takes snowflakes, all or none. */
    public Draw snowflakes(int count) {
        return snowflakes.draw(count);
    }

    /** The texts of a kind that needs no machine number, one for each index. */
    public IntFunction<String> random(IdKind kind) {
        return switch (kind) {
            case ULID -> index -> random.ulid();
            case UUIDV7 -> index -> random.uuid();
            case SNOWFLAKE -> throw new IllegalArgumentException("snowflakes are drawn");
        };
    }
}
