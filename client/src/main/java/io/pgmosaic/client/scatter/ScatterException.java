package io.pgmosaic.client.scatter;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Shards did not answer a query that wanted all of them. */
public final class ScatterException extends SQLException {
    private static final long serialVersionUID = 1L;

    private final ArrayList<String> missing;

    ScatterException(Map<String, Exception> missing) {
        super(describe(missing), "57014", missing.values().iterator().next());
        this.missing = new ArrayList<>(missing.keySet());
    }

    private static String describe(Map<String, Exception> missing) {
        List<String> each = new ArrayList<>();
        new TreeMap<>(missing).forEach((shard, why) -> each.add(shard + " (" + why.getMessage() + ")"));
        return "no answer of every shard, without " + String.join(", ", each);
    }

    /** The shards that are known to have failed; those that were ended for them are not among them. */
    public List<String> missing() {
        return List.copyOf(missing);
    }
}
