package io.pgmosaic.router.http;

import io.pgmosaic.router.consistency.Consistency;
import io.pgmosaic.router.lookup.Intent;
import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Which guarantee a read asks for.
 *
 * @param maxLagMillis for {@link Consistency#BOUNDED}; 0 otherwise
 * @param session whose earlier requests count; null when a token tells, or when nobody's do
 * @param waits whether to wait for a replica rather than to use the primary
 */
record ReadGuarantee(
        Consistency consistency,
        long maxLagMillis,
        @Nullable String session,
        boolean waits) {
    /** How long is waited for a replica when the request does not say, in milliseconds. */
    static final int WAIT_MILLIS = 5_000;

    private static final int LONGEST_LAG_MILLIS = 86_400_000;
    private static final int LONGEST_SESSION = 128;
    private static final String WORDS =
            Arrays.stream(Consistency.values()).map(Consistency::text).collect(Collectors.joining(", "));

    /**
     * Null when none is asked for.
     *
     * @throws ProblemException for words that there are not, and those that do not go together
     */
    static @Nullable ReadGuarantee of(
            Intent intent,
            @Nullable String consistency,
            @Nullable String maxLag,
            @Nullable String session,
            @Nullable String otherwise)
            throws ProblemException {
        checkSession(session);
        if (consistency == null) {
            if (maxLag != null || otherwise != null) {
                throw invalid("maxLagMs and otherwise belong to a consistency; write one of " + WORDS);
            }
            if (session != null && intent == Intent.READ) {
                throw invalid("a read of a session needs a consistency: read-your-writes, monotonic or causal");
            }
            return null;
        }
        if (intent == Intent.WRITE) {
            throw invalid(
                    "consistency is for reads: write intent=read, or leave it out, since a write goes to the primary");
        }
        @Nullable Consistency wanted = Consistency.of(consistency);
        if (wanted == null) {
            throw invalid("consistency is one of " + WORDS + ", not " + Problem.quoted(consistency));
        }
        if (session != null && !wanted.isOfAReader()) {
            throw invalid("session does not belong to consistency=" + wanted.text()
                    + "; it does to read-your-writes, monotonic and causal");
        }
        return new ReadGuarantee(wanted, maxLagMillis(wanted, maxLag), session, waits(otherwise));
    }

    /** @throws ProblemException when it is no name of a session */
    static void checkSession(@Nullable String session) throws ProblemException {
        if (session != null && (session.isEmpty() || session.length() > LONGEST_SESSION)) {
            throw invalid("session is a name of 1 to " + LONGEST_SESSION + " characters");
        }
    }

    private static long maxLagMillis(Consistency wanted, @Nullable String text) throws ProblemException {
        if (wanted != Consistency.BOUNDED) {
            if (text != null) {
                throw invalid("maxLagMs belongs to consistency=bounded, not to " + wanted.text());
            }
            return 0;
        }
        if (text == null) {
            throw invalid("consistency=bounded needs maxLagMs=<milliseconds>");
        }
        try {
            int millis = Integer.parseInt(text);
            if (millis >= 0 && millis <= LONGEST_LAG_MILLIS) {
                return millis;
            }
        } catch (NumberFormatException notANumber) {
            // Answered like a number that is out of range.
        }
        throw invalid("maxLagMs is a number of milliseconds from 0 to " + LONGEST_LAG_MILLIS + ", not "
                + Problem.quoted(text));
    }

    private static boolean waits(@Nullable String otherwise) throws ProblemException {
        if (otherwise == null || otherwise.equals("primary")) {
            return false;
        }
        if (otherwise.equals("wait")) {
            return true;
        }
        throw invalid("otherwise is wait or primary, not " + Problem.quoted(otherwise));
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(Problem.invalidRequest(detail));
    }
}
