package io.pgmosaic.client.load;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Puts what was counted into as few bodies of {@code POST /v1/outcomes} as routers take it in. */
final class Reports {
    private static final int MOST_STATEMENTS = 10_000;
    /** Fewer than routers take, since the body has a limit too. */
    private static final int MOST_ENTRIES = 500;

    private static final double NANOS_PER_MILLI = 1e6;

    private final String client;
    private final List<Map<String, Object>> bodies = new ArrayList<>();
    private final Map<Boolean, Part> open = new HashMap<>();

    private static final class Part {
        private final List<Object> entries = new ArrayList<>();
        private long statements;
    }

    Reports(String client) {
        this.client = client;
    }

    void add(Kind kind, long count, long nanos) {
        long left = count;
        while (left > 0) {
            Part part = open.computeIfAbsent(kind.lookedUp(), looked -> new Part());
            long here = Math.min(left, MOST_STATEMENTS - part.statements);
            part.entries.add(entry(kind, here, nanos));
            part.statements += here;
            left -= here;
            if (part.statements == MOST_STATEMENTS || part.entries.size() == MOST_ENTRIES) {
                close(kind.lookedUp(), part);
            }
        }
    }

    private static Map<String, Object> entry(Kind kind, long count, long nanos) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("shard", kind.shard());
        if (kind.server() != null) {
            entry.put("server", kind.server());
        }
        entry.put("intent", kind.write() ? "write" : "read");
        entry.put("outcome", kind.result().text());
        if (kind.result() != Result.REFUSED) {
            entry.put("durationMillis", nanos / NANOS_PER_MILLI);
        }
        entry.put("count", count);
        entry.put("priority", kind.priority());
        return entry;
    }

    private void close(boolean lookedUp, Part part) {
        open.remove(lookedUp);
        body(lookedUp).put("outcomes", part.entries);
    }

    private Map<String, Object> body(boolean lookedUp) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("client", client);
        body.put("routedBy", lookedUp ? "router" : "client");
        bodies.add(body);
        return body;
    }

    /**
     * The bodies, of which there is at least one.
     *
     * @param scatters over how many shards each query went, of those that went over several
     */
    List<Map<String, Object>> bodies(List<Integer> scatters) {
        Map.copyOf(open).forEach(this::close);
        if (bodies.isEmpty()) {
            body(false);
        }
        if (!scatters.isEmpty()) {
            bodies.getFirst()
                    .put(
                            "scatters",
                            scatters.stream()
                                    .map(shards -> Map.of("shards", shards))
                                    .toList());
        }
        return bodies;
    }
}
