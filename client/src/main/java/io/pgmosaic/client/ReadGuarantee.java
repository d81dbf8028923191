package io.pgmosaic.client;

import java.time.Duration;

/** What a read may rely on. */
public sealed interface ReadGuarantee {
    /**
     * This with another way to deal with replicas that do not give it; the primary stands in for them unless that is said.
     *
     * @throws IllegalArgumentException for {@link #strong}, which no replica gives
     */
    default ReadGuarantee whenNoReplica(WhenNoReplica policy) {
        return switch (this) {
            case Eventual eventual -> new Eventual(policy);
            case Bounded bounded -> new Bounded(bounded.maxLag(), policy);
            case Contextual contextual -> new Contextual(contextual.context(), contextual.consistency(), policy);
            case Strong strong ->
                throw new IllegalArgumentException("a strong read is the primary's: there is no replica to wait for");
        };
    }

    /** Some state that the shard was in, of a replica that is known to lag no more than {@code routing.maxReplicaLag}. */
    static ReadGuarantee eventual() {
        return new Eventual(WhenNoReplica.PRIMARY);
    }

    /** Everything acknowledged more than {@code maxLag} ago. The router is asked for each read, since it knows the lags. */
    static ReadGuarantee bounded(Duration maxLag) {
        return new Bounded(maxLag, WhenNoReplica.PRIMARY);
    }

    /** What was written with the same context. */
    static ReadGuarantee readYourWrites(CausalContext context) {
        return new Contextual(context, "read-your-writes", WhenNoReplica.PRIMARY);
    }

    /** What was read with the same context before. Asks for the position after each read, in one statement more. */
    static ReadGuarantee monotonic(CausalContext context) {
        return new Contextual(context, "monotonic", WhenNoReplica.PRIMARY);
    }

    /** What was written and read with the same context, and whatever went into it elsewhere. Asks for the position, too. */
    static ReadGuarantee causal(CausalContext context) {
        return new Contextual(context, "causal", WhenNoReplica.PRIMARY);
    }

    /** Everything acknowledged: the primary. */
    static ReadGuarantee strong() {
        return new Strong();
    }

    /** See {@link #eventual}. */
    record Eventual(WhenNoReplica otherwise) implements ReadGuarantee {}

    /** See {@link #strong}. */
    record Strong() implements ReadGuarantee {}

    /** See {@link #bounded}. */
    record Bounded(Duration maxLag, WhenNoReplica otherwise) implements ReadGuarantee {
        /** @throws IllegalArgumentException when the time is negative */
        public Bounded {
            if (maxLag.isNegative()) {
                throw new IllegalArgumentException("a bound is not negative: " + maxLag);
            }
        }
    }

    /**
     * Goes by a context.
     *
     * @param consistency as routers call it
     */
    record Contextual(CausalContext context, String consistency, WhenNoReplica otherwise) implements ReadGuarantee {
        boolean remembersReads() {
            return !consistency.equals("read-your-writes");
        }
    }
}
