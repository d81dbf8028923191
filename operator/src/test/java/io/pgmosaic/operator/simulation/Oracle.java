package io.pgmosaic.operator.simulation;

import io.pgmosaic.operator.plan.ShardRecord;
import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;

/** Sees everything, and says at once when something happened that never may. */
final class Oracle {
    /** How long after a newer primary has opened an old one may serve reads that were true before: its lease, on any clock. */
    private static final long STALE_READS = 6_000 * 21 / 20 + 500;

    private final Map<Long, Integer> primaries = new HashMap<>();
    private final long[] promised = new long[Shard.MOST];
    private @Nullable Entry kept;
    private long highestPromoted;
    private long highestOpened;
    private long openedAt;
    int acknowledged;
    int failovers;

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new Violation(otherwise);
        }
    }

    // ---- terms

    /** I1: a promise never goes down, and nothing below it is obeyed. */
    void obeys(int instance, long term) {
        check(
                term >= promised[instance],
                "I1: instance " + instance + " obeys term " + term + " after it promised " + promised[instance]);
        promised[instance] = term;
    }

    void losesItsVolume(int instance) {
        promised[instance] = 0;
    }

    void recorded(ShardRecord before, ShardRecord after) {
        check(after.term() >= before.term(), "I3: the recorded term goes down from " + before.term());
    }

    /** One primary in a term, and all of what may never vanish in its log. */
    void becomesPrimary(int instance, long term, Entry log) {
        Integer other = primaries.putIfAbsent(term, instance);
        check(other == null || other == instance, "two primaries in term " + term + ": " + other + " and " + instance);
        if (kept != null) {
            check(log.includes(kept), "I2: " + kept + " is not in the log " + log + " of the primary of term " + term);
        }
        failovers += highestPromoted > 0 && term > highestPromoted ? 1 : 0;
        highestPromoted = Math.max(highestPromoted, term);
    }

    void opens(long term, Entry log, long now) {
        if (kept != null && term == highestPromoted) {
            check(log.includes(kept), "I2: " + kept + " is not in the log " + log + " that is opened in term " + term);
        }
        if (term > highestOpened) {
            highestOpened = term;
            openedAt = now;
        }
    }

    // ---- clients

    /** Returns what {@link #acknowledges} is to be told. */
    long begins(int instance, Entry entry) {
        Integer primary = primaries.get(entry.term);
        check(
                primary != null && primary == instance,
                "instance " + instance + " writes to the log of term " + entry.term);
        return highestPromoted;
    }

    /**
     * @param standbys how many had it when the client was told
     * @param mayBeAlone whether it is on record that commits may wait for nobody
     */
    void acknowledges(Entry entry, long promotedAtItsBegin, int standbys, boolean mayBeAlone) {
        acknowledged++;
        if (standbys == 0) {
            check(
                    highestOpened <= entry.term,
                    "an old primary acknowledges " + entry + " beside term " + highestOpened);
            if (!mayBeAlone) {
                keep(entry, "acknowledged");
            }
            return;
        }
        check(
                promotedAtItsBegin <= entry.term,
                "I2: " + entry + " was begun after term " + promotedAtItsBegin + " had its primary");
        keep(entry, "acknowledged");
    }

    /**
     * What another acknowledges is not seen here: so when commits wait for nobody, an old primary reads nothing once a newer
     * one is open, and otherwise no longer than its lease lasts.
     *
     * @param waits whether commits wait for standbys, by the spec
     * @param durable whether what is seen may never vanish
     */
    void reads(Entry seen, long term, boolean waits, boolean durable, long now) {
        check(
                term >= highestOpened || (waits && now <= openedAt + STALE_READS),
                "reads in term " + term + ", " + (now - openedAt) + " ms after term " + highestOpened + " opened");
        if (durable) {
            keep(seen, "read");
        }
    }

    private void keep(Entry entry, String how) {
        if (kept == null || (entry.length > kept.length && entry.includes(kept))) {
            kept = entry;
        } else {
            check(kept.includes(entry), "I2: " + entry + " was " + how + " beside " + kept);
        }
    }
}
