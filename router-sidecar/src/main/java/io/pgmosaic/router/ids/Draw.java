package io.pgmosaic.router.ids;

/** What came of asking for snowflakes. */
public sealed interface Draw {
    /**
     * They are there.
     *
     * @param firstTick of the first; the others follow
     * @param waitMillis after which they may be handed out
     */
    record Drawn(int machineId, long firstTick, int count, long waitMillis) implements Draw {
        /**
         * An id, which is positive.
         *
         * @param index from 0
         */
        public long id(int index) {
            long tick = firstTick + index;
            long sequence = tick & (Snowflakes.TICKS_PER_MILLI - 1);
            long millis = tick >> Snowflakes.SEQUENCE_BITS;
            long machine = ((millis << Snowflakes.MACHINE_BITS) | machineId) << Snowflakes.SEQUENCE_BITS;
            return machine | sequence;
        }
    }

    /**
     * There is no machine number now.
     *
     * @param reason for a person
     */
    record NoLease(String reason) implements Draw {}

    /** The clock shows a time before those that ids have already, or that the number may be used from. */
    record ClockBehind(long millis) implements Draw {}

    /** The clock shows a time beyond those that the number may be used for. */
    record ClockAhead(long millis) implements Draw {}

    /**
     * More are asked for than there are in a second.
     *
     * @param waitMillis after which there would be enough
     */
    record Busy(long waitMillis) implements Draw {}
}
