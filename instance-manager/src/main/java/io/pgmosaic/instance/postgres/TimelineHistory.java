package io.pgmosaic.instance.postgres;

import io.pgmosaic.protocol.Lsn;
import io.pgmosaic.protocol.instance.LogPosition;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where a timeline comes from.
 *
 * @param timeline the latest
 * @param ends of the earlier ones that lead to it: where each was left for the next
 */
public record TimelineHistory(long timeline, Map<Long, Lsn> ends) {
    public TimelineHistory {
        ends = Map.copyOf(ends);
    }

    /**
     * Reads a history file: lines of parent timeline, switch point and reason, separated by white space; {@code #} begins a
     * comment.
     */
    public static TimelineHistory parse(long timeline, String text) throws IOException {
        Map<Long, Lsn> ends = new TreeMap<>();
        for (String line : text.lines().map(String::strip).toList()) {
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String[] words = line.split("\\s+", 3);
            try {
                ends.put(Long.parseLong(words[0]), Lsn.parse(words[1]));
            } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
                throw new IOException("not a line of a timeline's history: '" + line + "'", e);
            }
        }
        return new TimelineHistory(timeline, ends);
    }

    /** Whether a log that goes to {@code end} has something that this timeline has not. */
    public boolean partedFrom(LogPosition end) {
        if (end.timeline() == timeline) {
            return false;
        }
        Lsn left = ends.get(end.timeline());
        return left == null || end.lsn().compareTo(left) > 0;
    }
}
