package io.pgmosaic.checker;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Rows are on the shard that their key is routed to, and nowhere else. */
public final class PlaceCheck {
    private PlaceCheck() {}

    /**
     * @param found the keys of the rows on each shard at the end
     * @param owners the shard of each of these keys, as it is routed at the end
     */
    public static List<Violation> check(Map<String, Set<Long>> found, Map<Long, String> owners) {
        List<Violation> violations = new ArrayList<>();
        found.forEach((shard, keys) -> {
            for (long key : keys) {
                String wanted = owners.get(key);
                if (!shard.equals(wanted)) {
                    violations.add(new Violation(
                            "row on a shard that does not own it", "key " + key + " of " + wanted + " is on " + shard));
                }
            }
        });
        return violations;
    }
}
