package io.pgmosaic.router.consistency;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A part of the sessions, under one lock. Makes room by putting out what was not used for the longest time. */
final class SessionStripe {
    private static final float FILL = 0.75f;

    private final int most;
    private final Map<SessionKey, SessionMemory> memories = new LinkedHashMap<>(16, FILL, true);

    /** What happened to one session. */
    interface Change {
        void apply(SessionMemory memory);
    }

    record Evicted(SessionKey key, SessionMemory memory) {}

    SessionStripe(int most) {
        this.most = most;
    }

    /** Applies the change, and returns what had to go for it. */
    synchronized List<Evicted> change(SessionKey key, Change change) {
        change.apply(memories.computeIfAbsent(key, unseen -> new SessionMemory()));
        if (memories.size() <= most) {
            return List.of();
        }
        List<Evicted> evicted = new ArrayList<>(1);
        Iterator<Map.Entry<SessionKey, SessionMemory>> oldest =
                memories.entrySet().iterator();
        while (memories.size() > most) {
            Map.Entry<SessionKey, SessionMemory> next = oldest.next();
            evicted.add(new Evicted(next.getKey(), next.getValue()));
            oldest.remove();
        }
        return evicted;
    }

    /** What follows from the memory of a session, which is an empty one for a session that is not known. */
    synchronized <T> T look(SessionKey key, Function<SessionMemory, T> question) {
        SessionMemory known = memories.get(key);
        return question.apply(known == null ? new SessionMemory() : known);
    }

    synchronized int size() {
        return memories.size();
    }

    synchronized void clear() {
        memories.clear();
    }
}
