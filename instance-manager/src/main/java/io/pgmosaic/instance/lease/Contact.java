package io.pgmosaic.instance.lease;

import io.pgmosaic.protocol.instance.UpstreamContact;
import org.jspecify.annotations.Nullable;

import java.util.concurrent.TimeUnit;

/**
 * What was heard of one upstream in one term.
 *
 * @param answeredAt nanoseconds at which the last answer came that said that it runs as that term's primary; null before
 * @param now how the last attempt ended
 */
record Contact(String instance, long term, @Nullable Long answeredAt, Outcome now) {
    enum Outcome {
        NONE,
        /** It runs as the primary of the followed term. */
        SERVES,
        /** Its manager answers; PostgreSQL does not run there as that term's primary. */
        SERVES_NOT,
        SILENT,
        REFUSED
    }

    static Contact none(String instance, long term) {
        return new Contact(instance, term, null, Outcome.NONE);
    }

    Contact after(Outcome outcome, long at) {
        return new Contact(instance, term, outcome == Outcome.SERVES ? Long.valueOf(at) : answeredAt, outcome);
    }

    UpstreamContact state(long at) {
        Long silence = answeredAt == null ? null : TimeUnit.NANOSECONDS.toMillis(at - answeredAt);
        return new UpstreamContact(instance, silence, now == Outcome.REFUSED);
    }
}
