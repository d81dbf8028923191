package io.pgmosaic.operator.simulation;

import io.pgmosaic.protocol.Lsn;
import io.pgmosaic.protocol.instance.LogPosition;
import org.jspecify.annotations.Nullable;

/**
 * The last entry of a log, and so the log: entries never change, and two logs share what they have in common. A term's
 * primary begins its timeline with an entry of its own, so the term of the last entry is the timeline.
 */
final class Entry {
    /** Of a client's write; 0 for the entry that begins a timeline. */
    final int write;

    final long term;
    final int length;
    private final @Nullable Entry before;

    private Entry(@Nullable Entry before, long term, int write) {
        this.before = before;
        this.term = term;
        this.write = write;
        this.length = before == null ? 1 : before.length + 1;
    }

    static Entry first(long term) {
        return new Entry(null, term, 0);
    }

    Entry append(long ofTerm, int newWrite) {
        return new Entry(this, ofTerm, newWrite);
    }

    /** The log cut to a length from 1 to its own. */
    Entry cut(int to) {
        Entry entry = this;
        while (entry.length > to && entry.before != null) {
            entry = entry.before;
        }
        return entry;
    }

    /** Whether the other log is the beginning of this one, or all of it. */
    boolean includes(Entry other) {
        return other.length <= length && cut(other.length) == other;
    }

    static Lsn lsn(int length) {
        return new Lsn(length * 256L);
    }

    static int length(Lsn lsn) {
        return (int) (lsn.offset() / 256);
    }

    LogPosition position() {
        return new LogPosition(term, lsn(length));
    }

    @Override
    public String toString() {
        return term + ":" + length;
    }
}
