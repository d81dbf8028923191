package io.pgmosaic.instance.lease;

import io.pgmosaic.protocol.instance.LeaseState;
import io.pgmosaic.protocol.instance.PostgresConfiguration;
import org.jspecify.annotations.Nullable;

import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * How long PostgreSQL may serve as the primary of a term. It looks at no clock: every {@code now} is a reading in nanoseconds
 * of one monotonic clock. What is over stays over until the next grant, whatever is confirmed after it. Thread-safe.
 */
public final class Lease {
    private static final long FOREVER = Long.MAX_VALUE;
    /** Of its length; a token may be given out again for that long. */
    private static final int GRAIN = 128;

    private final Tokens tokens;
    private long term;
    private PostgresConfiguration.Lease rules = PostgresConfiguration.Lease.none();
    private Confirmations confirmations = new Confirmations(0);
    /** Why it is over; null while it is not. */
    private @Nullable String end;

    /** @param firstToken at random, so that nothing that was given out by an earlier process is taken for its own */
    public Lease(long firstToken) {
        this.tokens = new Tokens(firstToken);
    }

    /** PostgreSQL is about to run as the primary of the term, because the operator said so. */
    public synchronized void grant(long ofTerm, PostgresConfiguration.Lease by, long now) {
        term = ofTerm;
        rules = by;
        confirmations = new Confirmations(now);
        end = null;
    }

    /** Other rules for the present term; they hold at once, also for what was confirmed before. */
    public synchronized void change(long ofTerm, PostgresConfiguration.Lease by, long now) {
        expire(now);
        if (ofTerm == term) {
            rules = by;
        }
    }

    /** PostgreSQL runs as no primary any more. */
    public synchronized void release() {
        term = 0;
        end = null;
    }

    /** To be handed back with a confirmation of what is true after now. */
    public synchronized long token(long now) {
        return tokens.give(now, nanos() / GRAIN);
    }

    /** The operator that leads says that this is the shard's term. */
    public synchronized void confirmByOperator(long ofTerm, long token, long now) {
        expire(now);
        OptionalLong at = tokens.givenAt(token);
        if (runs() && ofTerm == term && at.isPresent()) {
            confirmations.byOperator(at.getAsLong());
        }
    }

    /**
     * Another instance of the shard says which term it has promised.
     *
     * @param token null when it hands none back
     */
    public synchronized void hear(String peer, long promisedTerm, @Nullable Long token, long now) {
        expire(now);
        if (!runs()) {
            return;
        }
        if (promisedTerm > term) {
            end = peer + " has promised term " + promisedTerm + ", this is the primary of term " + term;
            return;
        }
        OptionalLong at = token == null ? OptionalLong.empty() : tokens.givenAt(token);
        if (at.isPresent()) {
            confirmations.byPeer(peer, at.getAsLong());
        }
    }

    /**
     * Whether somebody has confirmed the term since the grant, or nobody needs to. The grant itself proves nothing: the
     * command that it came with may have been under way for long.
     */
    public synchronized boolean isConfirmed(long now) {
        expire(now);
        return end == null && runs() && (!bounded() || confirmations.anySinceGrant(rules.members()));
    }

    /** Nanoseconds until it is over; 0 when it is, {@link Long#MAX_VALUE} when it never will be or there is none. */
    public synchronized long remaining(long now) {
        expire(now);
        if (end != null) {
            return 0;
        }
        return runs() && bounded() ? Math.max(1, left(now)) : FOREVER;
    }

    /** Why it is over, for a person; null while it is not. */
    public synchronized @Nullable String end(long now) {
        expire(now);
        return end;
    }

    /** For the status; null when there is no primary or its lease has no end. */
    public synchronized @Nullable LeaseState state(long now) {
        if (!runs() || !bounded()) {
            return null;
        }
        long remaining = TimeUnit.NANOSECONDS.toMillis(remaining(now));
        return new LeaseState(term, remaining, token(now));
    }

    private void expire(long now) {
        if (end == null && runs() && bounded() && left(now) <= 0) {
            end = "for %d.%d s neither the operator nor a majority of the shard confirmed term %d"
                    .formatted(rules.millis() / 1000, rules.millis() % 1000 / 100, term);
        }
    }

    private long left(long now) {
        return confirmations.latest(rules.members()) + nanos() - now;
    }

    private long nanos() {
        return TimeUnit.MILLISECONDS.toNanos(rules.millis());
    }

    private boolean runs() {
        return term > 0;
    }

    private boolean bounded() {
        return rules.millis() > 0 && rules.members() > 1;
    }
}
