package io.pgmosaic.operator.simulation;

import org.jspecify.annotations.Nullable;

/** A rule of the protocol that is broken on purpose, to see that the simulation finds out. */
enum Mutant {
    NONE,
    /** The decision is made as if everybody had promised. */
    PROMOTE_BEFORE_THE_QUORUM,
    /** A promise does not outlive a restart of its instance. */
    FORGET_THE_PROMISE(Theme.BREAKS),
    /** The new set is recorded alone before it is in force. */
    RECORD_THE_NEW_SET_FIRST(Theme.CHANGES),
    /** The sets before are forgotten as soon as the new one is applied. */
    CHANGE_WITHOUT_CONFIRMATION(Theme.CHANGES),
    /** The new set counts as applied before every process of the server has it. */
    APPLIED_TOO_SOON(Theme.CHANGES),
    /** An instance applies a configuration older than its own. */
    ACCEPT_AN_OLDER_CONFIGURATION(Theme.CHANGES),
    /** An instance obeys a term lower than it has promised. */
    ACCEPT_AN_OLDER_TERM,
    /** A primary's lease is longer than the wait for its end. */
    LEASE_LONGER_THAN_THE_WAIT(Theme.BREAKS),
    /** A lease is confirmed with what an operator remembers of the record. */
    CONFIRM_FROM_MEMORY(Theme.DEPOSED),
    /** A primary lets clients in before its log is confirmed. */
    OPEN_BEFORE_THE_CONFIRMATIONS,
    /** A primary that was just started lets clients in though nobody has said since that its term is the highest. */
    OPEN_WITHOUT_CONFIRMED_TERM(Theme.DEPOSED),
    /** An instance whose volume was lost counts as one that holds the log. */
    COUNT_A_LOST_VOLUME(Theme.CRASHES),
    /** Of those that promised, the one furthest behind is appointed. */
    PROMOTE_ONE_BEHIND,
    /** A standby goes on confirming after its promise. */
    KEEP_STREAMING(Theme.BREAKS),
    /** The record is overwritten without looking whether somebody changed it. */
    NO_COMPARE_AND_SET;

    /** What must happen often for it to show soon; null when it shows anywhere. */
    final @Nullable Theme theme;

    Mutant() {
        this(null);
    }

    Mutant(@Nullable Theme theme) {
        this.theme = theme;
    }
}
