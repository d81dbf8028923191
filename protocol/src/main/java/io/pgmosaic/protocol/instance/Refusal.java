package io.pgmosaic.protocol.instance;

import org.jspecify.annotations.Nullable;

/**
 * Why a command was refused; nothing changed on the instance.
 *
 * @param message for a person: what was found and what would help
 * @param promisedTerm the highest term that the instance has promised
 * @param challenge of an instance that has promised nothing, to be handed back with the command; null otherwise
 */
public record Refusal(
        Reason reason,
        String message,
        long promisedTerm,
        @Nullable String challenge) {
    public Refusal(Reason reason, String message, long promisedTerm) {
        this(reason, message, promisedTerm, null);
    }

    public enum Reason {
        /** The command's term is lower than the promised one. */
        STALE_TERM,
        /**
         * The volume holds no promise, because it is new or was lost, so the command's term cannot be judged here. It is
         * taken with this refusal's challenge, by an operator that has read since then that its term is the shard's.
         */
        NO_PROMISE,
        /** The command's configuration sequence is lower than the applied one of that term. */
        STALE_CONFIGURATION,
        /** The command is meant for another instance, or the volume belongs to another shard. */
        WRONG_INSTANCE,
        /** Bootstrap on a volume that is not empty. */
        DATA_PRESENT,
        /** Resume or configure without a database on the volume. */
        NO_DATA,
        /** The volume holds another system identifier. */
        FOREIGN_DATA,
        /** The volume was written by another major version of PostgreSQL. */
        INCOMPATIBLE_DATA,
        /** The promise file cannot be read; the instance serves nothing until it is cloned anew. */
        PROMISE_UNREADABLE,
        /** Resume of an instance that was not the primary of this term. */
        NOT_PRIMARY,
        /** Follow of an instance whose data is a primary's; it has to be rewound or cloned first. */
        PRIMARY_DATA,
        /** Promote of an instance that has not promised this term, or whose data is not a standby's. */
        NOT_PROMOTABLE,
        /** Open of a server that was started after the one that may be opened. */
        SERVER_RESTARTED,
        /** Open of a primary whose term nobody has confirmed since it was made one; asked again it may well be. */
        UNCONFIRMED,
        /** Configure in a term in which the instance was given no role; follow or resume comes first. */
        NOT_IN_TERM,
        /** PostgreSQL does not accept a parameter; the message holds its name and PostgreSQL's words. */
        INVALID_CONFIGURATION,
        /** Another operation is under way. */
        BUSY,
        /** The request is not a well-formed command; the message says what is wrong. */
        MALFORMED
    }
}
