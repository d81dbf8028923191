package io.pgmosaic.router.limits;

import io.pgmosaic.protocol.topology.RateLimit;
import io.pgmosaic.routing.key.InvalidKeyException;
import io.pgmosaic.routing.key.Key;
import io.pgmosaic.routing.key.KeyValue;
import io.pgmosaic.routing.map.RowColumn;
import io.pgmosaic.routing.map.RowSchema;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * The cluster's limits as they are declared now. A limit that stays for the same keys keeps what it has counted. Thread-safe.
 *
 * <p>Which limit is for a key is found by the first one that names the key or all keys of its table.
 */
public final class KeyLimits {
    /** Keys that are counted at a time, of all limits; a few hundred bytes each. */
    private static final int MOST_KEYS = 10_000;

    private final LongAdder refused = new LongAdder();
    private volatile Declared declared = new Declared(List.of(), List.of());

    /** Limits as one topology tells them, with what has been worked out for its tables. */
    private static final class Declared {
        final List<RateLimit> told;
        final List<KeyLimit> limits;
        final Map<String, List<Applied>> byTable = new ConcurrentHashMap<>();

        Declared(List<RateLimit> told, List<KeyLimit> limits) {
            this.told = told;
            this.limits = limits;
        }
    }

    /** @param keys null for all keys */
    private record Applied(KeyLimit limit, @Nullable Set<Key> keys) {}

    /**
     * That a lookup may not be answered.
     *
     * @param nanos in which the next one may be
     */
    public record Excess(RateLimit limit, long nanos) {}

    /**
     * Counts a lookup, and tells why it may not be answered; null when it may.
     *
     * @param lately how often the key was looked up lately, at most
     */
    public @Nullable Excess take(String table, RowSchema schema, Key key, double lately, long now) {
        Declared present = declared;
        List<Applied> ofTable = present.byTable.computeIfAbsent(table, name -> applied(present, name, schema));
        for (Applied applied : ofTable) {
            if (applied.keys() == null || applied.keys().contains(key)) {
                long nanos = applied.limit().take(table, key, lately, now);
                if (nanos == 0) {
                    return null;
                }
                refused.increment();
                return new Excess(applied.limit().limit(), nanos);
            }
        }
        return null;
    }

    /** How many keys are counted. */
    public int size() {
        return declared.limits.stream().mapToInt(KeyLimit::size).sum();
    }

    /** How many lookups were not answered so far. */
    public double refused() {
        return refused.sum();
    }

    /**
     * Puts other limits in force, at once. What was counted of keys goes on to count where a limit is for the same keys, also with
     * other numbers; the room for keys is divided anew.
     *
     * @param now by {@link System#nanoTime}
     */
    public synchronized void declare(List<RateLimit> told, long now) {
        Declared before = declared;
        if (told.equals(before.told)) {
            return;
        }
        List<KeyLimit> known = new ArrayList<>(before.limits);
        List<KeyLimit> limits = new ArrayList<>();
        for (RateLimit limit : told) {
            int room = MOST_KEYS / told.size();
            Optional<KeyLimit> former =
                    known.stream().filter(one -> one.isForKeysOf(limit)).findFirst();
            former.ifPresent(known::remove);
            limits.add(
                    former.map(one -> new KeyLimit(limit, room, one, now)).orElseGet(() -> new KeyLimit(limit, room)));
        }
        declared = new Declared(told, limits);
    }

    private static List<Applied> applied(Declared declared, String table, RowSchema schema) {
        List<Applied> applied = new ArrayList<>();
        for (KeyLimit limit : declared.limits) {
            String named = limit.limit().table();
            if (named == null || named.equals(table)) {
                List<List<String>> keys = limit.limit().keys();
                applied.add(new Applied(limit, keys.isEmpty() ? null : parsed(keys, schema)));
            }
        }
        return applied;
    }

    private static Set<Key> parsed(List<List<String>> keys, RowSchema schema) {
        List<RowColumn> columns = schema.columns().stream()
                .filter(column -> column.role() == RowColumn.Role.KEY)
                .toList();
        Set<Key> parsed = new HashSet<>();
        for (List<String> key : keys) {
            if (key.size() == columns.size()) {
                List<KeyValue> values = new ArrayList<>();
                for (int i = 0; i < key.size(); i++) {
                    value(columns.get(i), key.get(i)).ifPresent(values::add);
                }
                if (values.size() == columns.size()) {
                    parsed.add(new Key(values));
                }
            }
        }
        return parsed;
    }

    /** Empty for a text that the operator let pass and that is none here: it is no key that could be looked up. */
    private static Optional<KeyValue> value(RowColumn column, String text) {
        try {
            return Optional.of(column.column().parse(text));
        } catch (InvalidKeyException e) {
            return Optional.empty();
        }
    }
}
