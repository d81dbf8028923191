package io.pgmosaic.client;

import io.pgmosaic.client.topology.Position;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What somebody has written and seen, for reads that must not miss it: of a request, of a user's visit, of a thread that polls. It
 * takes in what other services have seen by their tokens ({@code X-Causal-Token}), and {@link MosaicClient#token} makes one of it.
 * Thread-safe.
 */
public final class CausalContext {
    private final Map<String, Position> reached = new TreeMap<>();
    /** Shards of which the token does not have the position yet. */
    private final Set<String> untold = new LinkedHashSet<>();
    /** Shards on which something was written, or may have been, at a place that is not known. */
    private final Map<String, Doubt> doubts = new HashMap<>();
    /** What other services have seen. Only a router can read it. */
    private final Set<String> foreign = new LinkedHashSet<>();

    private @Nullable String token;
    private long doubtsEver;

    /** Of somebody who has written and seen nothing. */
    public CausalContext() {}

    /**
     * Of somebody who has seen what a token says.
     *
     * @param token as a header had it; null for none. Whether it is a good one shows when it is used
     */
    public static CausalContext of(@Nullable String token) {
        CausalContext context = new CausalContext();
        if (token != null) {
            context.add(token);
        }
        return context;
    }

    /** Of a term, at least; and which of all doubts it is. */
    private record Doubt(long term, long number) {}

    /** Adds what a token says. */
    public synchronized void add(String otherToken) {
        if (!otherToken.equals(token)) {
            foreign.add(otherToken);
        }
    }

    /** Adds all that another one has. */
    public void add(CausalContext other) {
        State state = other.state();
        synchronized (this) {
            state.reached().forEach(this::reached);
            state.doubts().forEach(this::wroteSomewhere);
            foreign.addAll(state.foreign());
            if (state.token() != null && other.hasForeign()) {
                foreign.add(state.token());
            }
        }
    }

    /** Everything, at one moment. */
    record State(
            Map<String, Position> reached,
            Set<String> untold,
            Map<String, Long> doubts,
            List<String> foreign,
            @Nullable String token) {}

    synchronized State state() {
        Map<String, Long> terms = new TreeMap<>();
        doubts.forEach((shard, doubt) -> terms.put(shard, doubt.term()));
        return new State(new TreeMap<>(reached), new LinkedHashSet<>(untold), terms, new ArrayList<>(foreign), token);
    }

    /** Something was seen or written up to here. */
    synchronized void reached(String shard, Position position) {
        Position before = reached.get(shard);
        Position now = before == null ? position : before.with(position);
        if (!now.equals(before)) {
            reached.put(shard, now);
            untold.add(shard);
        }
    }

    /** Something was written, or may have been, and nobody knows up to where. */
    synchronized void wroteSomewhere(String shard, long term) {
        doubtsEver++;
        Doubt before = doubts.get(shard);
        doubts.put(shard, new Doubt(before == null ? term : Math.max(term, before.term()), doubtsEver));
    }

    /** A number to show to {@link #primaryWasAt}, from before the primary was asked. */
    synchronized long doubtsSoFar() {
        return doubtsEver;
    }

    /** A primary's log holds whatever was acknowledged by it or by those before it when it was asked. */
    synchronized void primaryWasAt(String shard, Position position, long doubtsBefore) {
        reached(shard, position);
        Doubt doubt = doubts.get(shard);
        if (doubt != null && doubt.number() <= doubtsBefore && doubt.term() <= position.term()) {
            doubts.remove(shard);
        }
    }

    /** What a server must have to be read from; null for nothing. */
    synchronized @Nullable Position position(String shard) {
        return reached.get(shard);
    }

    /** A primary of an earlier term lacks something; 0 for none. */
    synchronized long leastTerm(String shard) {
        Position position = reached.get(shard);
        Doubt doubt = doubts.get(shard);
        return Math.max(position == null ? 0 : position.term(), doubt == null ? 0 : doubt.term());
    }

    synchronized boolean isInDoubt(String shard) {
        return doubts.containsKey(shard);
    }

    synchronized boolean hasForeign() {
        return !foreign.isEmpty();
    }

    /** A token was made of {@code of}. What came since is not in it. */
    synchronized void told(State of, String newToken) {
        token = newToken;
        of.untold().stream()
                .filter(shard -> of.reached().get(shard) != null
                        && of.reached().get(shard).equals(reached.get(shard)))
                .forEach(untold::remove);
        if (!of.foreign().isEmpty()) {
            // Still nobody but a router can read what is in them.
            foreign.removeAll(of.foreign());
            foreign.add(newToken);
        }
    }
}
