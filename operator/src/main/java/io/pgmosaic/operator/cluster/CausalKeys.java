package io.pgmosaic.operator.cluster;

import org.jspecify.annotations.Nullable;

import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The keys with which a cluster's routers sign causal tokens, as they stand in its Secret: a line each, the first one signs, all
 * are believed.
 *
 * <pre>
 * name key-in-base64 SIGNS|NEXT|RETIRED since
 *
 * SIGNS for {@link #SIGNS_FOR}      -> a NEXT one is made
 * NEXT for {@link #KNOWN_FOR}       -> it SIGNS, and the one that did is RETIRED: every router has read of it by then
 * RETIRED for {@link #BELIEVED_FOR} -> gone: longer than a token lives
 * </pre>
 *
 * <p>All of that follows from the lines and the time. Pure but for the key that is drawn.
 */
final class CausalKeys {
    static final String KEY = "causal-keys";
    static final Duration SIGNS_FOR = Duration.ofDays(30);
    static final Duration KNOWN_FOR = Duration.ofHours(1);
    static final Duration BELIEVED_FOR = Duration.ofHours(25);

    private static final int BYTES = 32;
    private static final Pattern LINE =
            Pattern.compile("([A-Za-z0-9_-]{1,32}) ([A-Za-z0-9+/]{22,}={0,2}) ?(SIGNS|NEXT|RETIRED)? ?(\\S+)?");
    private static final SecureRandom RANDOM = new SecureRandom();

    private enum State {
        SIGNS,
        NEXT,
        RETIRED
    }

    private record Key(String name, String secret, State state, Instant since) {
        boolean isFor(Duration duration, Instant now) {
            return !now.isBefore(since.plus(duration));
        }

        Key in(State other, Instant now) {
            return new Key(name, secret, other, now);
        }

        @Override
        public String toString() {
            return name + ' ' + state;
        }
    }

    private CausalKeys() {}

    /**
     * The lines as they should be now; those given when nothing is due.
     *
     * @param stored null when there are none yet. Of what somebody wrote by hand the lines that are keys are kept
     */
    static String due(@Nullable String stored, Instant now) {
        List<Key> keys = parse(stored == null ? "" : stored, now);
        keys.removeIf(key -> key.state() == State.RETIRED && key.isFor(BELIEVED_FOR, now));
        keys.sort(Comparator.comparing(Key::state));
        Key signer = first(keys, State.SIGNS);
        Key next = first(keys, State.NEXT);
        if (signer == null) {
            // Nobody signs, so nobody has to hear of the key before it does.
            keys.remove(next);
            keys.addFirst(next == null ? made(State.SIGNS, now) : next.in(State.SIGNS, now));
        } else if (next == null && signer.isFor(SIGNS_FOR, now)) {
            keys.add(made(State.NEXT, now));
        } else if (next != null && next.isFor(KNOWN_FOR, now)) {
            keys.remove(next);
            keys.remove(signer);
            keys.addFirst(signer.in(State.RETIRED, now));
            keys.addFirst(next.in(State.SIGNS, now));
        }
        return keys.stream().map(CausalKeys::line).collect(Collectors.joining());
    }

    private static List<Key> parse(String text, Instant now) {
        return text.lines()
                .map(line -> LINE.matcher(line.strip()))
                .filter(Matcher::matches)
                .map(parts ->
                        new Key(parts.group(1), parts.group(2), state(parts.group(3)), since(parts.group(4), now)))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    /** A key of which nothing is known is believed for a while, in case something was signed with it. */
    private static State state(@Nullable String text) {
        return text == null ? State.RETIRED : State.valueOf(text);
    }

    private static Instant since(@Nullable String text, Instant now) {
        if (text == null) {
            return now;
        }
        try {
            return Instant.parse(text);
        } catch (DateTimeException notOurs) {
            return now;
        }
    }

    private static @Nullable Key first(List<Key> keys, State state) {
        return keys.stream().filter(key -> key.state() == state).findFirst().orElse(null);
    }

    private static Key made(State state, Instant now) {
        byte[] secret = new byte[BYTES];
        byte[] name = new byte[6];
        RANDOM.nextBytes(secret);
        RANDOM.nextBytes(name);
        return new Key(
                Base64.getUrlEncoder().withoutPadding().encodeToString(name),
                Base64.getEncoder().encodeToString(secret),
                state,
                now.truncatedTo(ChronoUnit.SECONDS));
    }

    private static String line(Key key) {
        return key.name() + ' ' + key.secret() + ' ' + key.state() + ' ' + key.since() + '\n';
    }
}
