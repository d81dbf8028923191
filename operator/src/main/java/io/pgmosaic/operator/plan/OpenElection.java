package io.pgmosaic.operator.plan;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * The search for the primary of the shard's present term, on record from the moment the term is taken until the primary is
 * chosen.
 *
 * @param cause why the old primary is to be replaced, in one word
 * @param message why, for a person
 * @param target the instance that is to be the primary; null when the one furthest ahead is
 * @param suspectedAt when the old primary was first seen to be in trouble
 * @param startedAt when the term was taken
 */
public record OpenElection(
        Kind kind, String cause, String message, @Nullable String target, Instant suspectedAt, Instant startedAt) {
    public enum Kind {
        /** The primary is lost; nothing is asked of it but to stop. */
        FAILOVER("Failover"),
        /** The primary ends in good order first, so that nothing at all is lost and nothing has to be rewound. */
        SWITCHOVER("Switchover");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }
}
