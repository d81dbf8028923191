package io.pgmosaic.operator.directory;

import io.pgmosaic.operator.directory.EntryRows.Row;
import io.pgmosaic.operator.upkeep.ShardSessions;
import io.pgmosaic.routing.guard.DirectorySchema;
import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Changes entries of keys that have one home, while a lock there keeps other operators off.
 *
 * <p>A lock ends with its session, and its holder may not notice. So each attempt has a number, which goes up with every attempt
 * of this home; a later one writes its number over that of what it finds, and leaves it at the other shard as a fence before it
 * looks what is there. What a holder does whose lock was lost then changes nothing.
 *
 * <pre>
 * give:    home: GIVING   wait, look for rows at home   there: MINE   home: AWAY
 * return:  home: RETURNING   there: LEFT   wait, look for rows there   home: no entry   there: no entry
 * </pre>
 */
final class HomeEntries {
    /** Who is told how far a change has come. */
    interface Between {
        /** A point between two steps, at which a test can have something happen. */
        void steps(String after) throws SQLException;

        /** Whether keys may be nobody's from now on, which is not done yet; otherwise it is undone, as if nobody had asked. */
        default boolean begins(Collection<Tenant> tenants) {
            return true;
        }
    }

    static final Between NOTHING = after -> {};

    private final ShardSessions sessions;
    private final KeyTables tables;
    private final String home;
    private final Duration patience;
    private final Between between;

    /** @param patience how long to wait for transactions that began earlier */
    HomeEntries(ShardSessions sessions, KeyTables tables, String home, Duration patience, Between between) {
        this.sessions = sessions;
        this.tables = tables;
        this.home = home;
        this.patience = patience;
        this.between = between;
    }

    /**
     * Gives keys to a shard.
     *
     * @param tenants whose home this is, each once
     * @param shard another one of the same region
     */
    Map<Tenant, Outcome> give(List<Tenant> tenants, String shard) throws SQLException {
        return locked(tenants, (entries, free) -> {
            Map<Tenant, Outcome> outcomes = new LinkedHashMap<>();
            Map<Tenant, Row> present = byTenant(entries.find(free, tables.group()), free);
            List<Tenant> wanted = new ArrayList<>();
            for (Tenant tenant : free) {
                Row row = present.get(tenant);
                if (row == null) {
                    wanted.add(tenant);
                } else if (!row.is(DirectorySchema.AWAY)) {
                    outcomes.put(tenant, Outcome.busy("a change of the key is under way; ask again"));
                } else if (row.shard().equals(shard)) {
                    outcomes.put(tenant, Outcome.unchanged());
                } else {
                    outcomes.put(
                            tenant,
                            Outcome.refused("shard " + row.shard() + " has the key; take it back with DELETE first"));
                }
            }
            wanted.removeAll(refuseHeld(home, wanted, outcomes));
            if (!wanted.isEmpty()) {
                try (Connection there = sessions.superuser(shard)) {
                    String unguarded = unguarded(entries, there, shard);
                    if (!unguarded.isEmpty()) {
                        outcomes.putAll(all(wanted, Outcome.busy(unguarded)));
                        return outcomes;
                    }
                    OptionalLong attempt =
                            begin(entries, wanted, number -> entries.give(wanted, tables.group(), shard, number));
                    if (attempt.isEmpty()) {
                        return outcomes;
                    }
                    between.steps("giving");
                    goOnGiving(entries, new EntryRows(there), wanted, attempt.getAsLong(), outcomes);
                }
            }
            return outcomes;
        });
    }

    /** Takes keys back that have an entry; of the others it says that they have none. */
    Map<Tenant, Outcome> takeBack(List<Tenant> tenants) throws SQLException {
        return locked(tenants, (entries, free) -> {
            Map<Tenant, Outcome> outcomes = new LinkedHashMap<>();
            Map<Tenant, Row> present = byTenant(entries.find(free, tables.group()), free);
            Map<String, List<Tenant>> byShard = new LinkedHashMap<>();
            for (Tenant tenant : free) {
                Row row = present.get(tenant);
                if (row == null) {
                    outcomes.put(tenant, Outcome.unchanged());
                } else if (!row.is(DirectorySchema.AWAY)) {
                    outcomes.put(tenant, Outcome.busy("a change of the key is under way; ask again"));
                } else {
                    byShard.computeIfAbsent(row.shard(), unseen -> new ArrayList<>())
                            .add(tenant);
                }
            }
            for (Map.Entry<String, List<Tenant>> shard : byShard.entrySet()) {
                List<Tenant> wanted = shard.getValue();
                wanted.removeAll(refuseHeld(shard.getKey(), wanted, outcomes));
                if (!wanted.isEmpty()) {
                    try (Connection there = sessions.superuser(shard.getKey())) {
                        String unguarded = unguarded(entries, there, shard.getKey());
                        if (!unguarded.isEmpty()) {
                            outcomes.putAll(all(wanted, Outcome.busy(unguarded)));
                            continue;
                        }
                        OptionalLong attempt = begin(
                                entries,
                                wanted,
                                number -> entries.restate(
                                        wanted,
                                        tables.group(),
                                        DirectorySchema.AWAY,
                                        DirectorySchema.RETURNING,
                                        number));
                        if (attempt.isEmpty()) {
                            return outcomes;
                        }
                        between.steps("returning");
                        goOnReturning(entries, there, shard.getKey(), wanted, attempt.getAsLong(), outcomes);
                    }
                }
            }
            return outcomes;
        });
    }

    /** It is too late for a change. */
    private static final class TooLateException extends SQLException {
        private static final long serialVersionUID = 1L;
    }

    /** Takes the first step; empty when it is too late for it, and then nothing has changed. */
    private OptionalLong begin(EntryRows entries, List<Tenant> tenants, EntryRows.Change change) throws SQLException {
        try {
            return OptionalLong.of(entries.refusing(number -> {
                change.make(number);
                if (!between.begins(tenants)) {
                    throw new TooLateException();
                }
            }));
        } catch (TooLateException late) {
            // The sequence was moved, which is not undone; another change brings both in step.
            entries.refusing(number -> {});
            return OptionalLong.empty();
        }
    }

    /**
     * Ends what an operator left that was killed, or had no answer: of one state and one other shard.
     *
     * @param shard as the rows say
     * @param state GIVING or RETURNING
     */
    Map<Tenant, Outcome> finish(List<Tenant> tenants, String shard, String state) throws SQLException {
        return locked(tenants, (entries, free) -> {
            Map<Tenant, Outcome> outcomes = new LinkedHashMap<>();
            try (Connection there = sessions.superuser(shard)) {
                EntryRows other = new EntryRows(there);
                List<Tenant> left = new ArrayList<>(free);
                long attempt = entries.refusing(number -> entries.restate(left, tables.group(), state, state, number));
                between.steps("overtaken");
                Map<Tenant, Row> mine = byTenant(entries.find(left, tables.group()), left);
                // What was seen before the lock was had may have ended, and another change of the key been left since.
                left.removeIf(tenant -> !has(
                        mine.get(tenant),
                        row -> row.attempt() == attempt && row.shard().equals(shard)));
                String unguarded = unguarded(entries, there, shard);
                if (!unguarded.isEmpty()) {
                    outcomes.putAll(all(left, Outcome.busy(unguarded)));
                    return outcomes;
                }
                if (state.equals(DirectorySchema.GIVING)) {
                    other.fence(home, attempt);
                    Map<Tenant, Row> taken = byTenant(other.find(left, tables.group()), left);
                    List<Tenant> alreadyThere = left.stream()
                            .filter(tenant -> has(taken.get(tenant), row -> row.is(DirectorySchema.MINE)))
                            .toList();
                    entries.settle(alreadyThere, tables.group(), DirectorySchema.GIVING, DirectorySchema.AWAY, attempt);
                    alreadyThere.forEach(tenant -> outcomes.put(tenant, Outcome.done()));
                    left.removeAll(alreadyThere);
                    goOnGiving(entries, other, left, attempt, outcomes);
                } else {
                    goOnReturning(entries, there, shard, left, attempt, outcomes);
                }
            }
            return outcomes;
        });
    }

    /**
     * Clears away what was left at another shard of keys that went back here.
     *
     * @param there session to that shard
     */
    void clear(List<Tenant> tenants, EntryRows there) throws SQLException {
        locked(tenants, (entries, free) -> {
            Map<Tenant, Row> present = byTenant(entries.find(free, tables.group()), free);
            List<Tenant> gone =
                    free.stream().filter(tenant -> !present.containsKey(tenant)).toList();
            for (Row row : there.find(gone, tables.group())) {
                List<Tenant> one = gone.stream()
                        .filter(tenant -> tenant.text().equals(row.key())
                                && tenant.region().equals(row.region()))
                        .toList();
                there.remove(one, tables.group(), DirectorySchema.LEFT, row.attempt());
            }
            return Map.of();
        });
    }

    private void goOnGiving(
            EntryRows entries, EntryRows other, List<Tenant> tenants, long attempt, Map<Tenant, Outcome> outcomes)
            throws SQLException {
        List<Tenant> wanted = new ArrayList<>(tenants);
        String inTheWay = EarlierTransactions.await(entries.session(), patience);
        between.steps("waited");
        List<Tenant> undone = new ArrayList<>();
        if (inTheWay.isEmpty()) {
            undone.addAll(refuseHeld(home, wanted, outcomes));
        } else {
            wanted.forEach(tenant -> outcomes.put(tenant, inTheWay(home, inTheWay)));
            undone.addAll(wanted);
        }
        wanted.removeAll(undone);
        if (!undone.isEmpty()) {
            entries.remove(undone, tables.group(), DirectorySchema.GIVING, attempt);
        }
        if (!wanted.isEmpty()) {
            between.steps("looked");
            other.take(wanted, tables.group(), home, attempt);
            between.steps("taken");
            entries.settle(wanted, tables.group(), DirectorySchema.GIVING, DirectorySchema.AWAY, attempt);
            wanted.forEach(tenant -> outcomes.put(tenant, Outcome.done()));
        }
    }

    private void goOnReturning(
            EntryRows entries,
            Connection there,
            String shard,
            List<Tenant> tenants,
            long attempt,
            Map<Tenant, Outcome> outcomes)
            throws SQLException {
        EntryRows other = new EntryRows(there);
        List<Tenant> wanted = new ArrayList<>(tenants);
        other.fence(home, attempt);
        other.refusing(number -> other.restate(
                wanted, tables.group(), DirectorySchema.MINE + DirectorySchema.LEFT, DirectorySchema.LEFT, attempt));
        between.steps("left");
        String inTheWay = EarlierTransactions.await(there, patience);
        between.steps("waited");
        List<Tenant> undone = new ArrayList<>();
        if (inTheWay.isEmpty()) {
            undone.addAll(refuseHeld(shard, wanted, outcomes));
        } else {
            wanted.forEach(tenant -> outcomes.put(tenant, inTheWay(shard, inTheWay)));
            undone.addAll(wanted);
        }
        wanted.removeAll(undone);
        if (!undone.isEmpty()) {
            other.settle(undone, tables.group(), DirectorySchema.LEFT, DirectorySchema.MINE, attempt);
            entries.settle(undone, tables.group(), DirectorySchema.RETURNING, DirectorySchema.AWAY, attempt);
        }
        if (!wanted.isEmpty()) {
            between.steps("looked");
            entries.remove(wanted, tables.group(), DirectorySchema.RETURNING, attempt);
            between.steps("removed");
            other.remove(wanted, tables.group(), DirectorySchema.LEFT, attempt);
            wanted.forEach(tenant -> outcomes.put(tenant, Outcome.done()));
        }
    }

    /** What keeps guards from deciding by the entries; empty when nothing does. */
    private String unguarded(EntryRows entries, Connection there, String shard) throws SQLException {
        return GuardsInPlace.missing(entries.session(), home, tables) + GuardsInPlace.missing(there, shard, tables);
    }

    private static Outcome inTheWay(String shard, String what) {
        return Outcome.busy(what + " may have written on shard " + shard
                + ", and was not over in time; nothing was changed, ask again");
    }

    /** Returns those of which the shard has rows, after saying so of each. */
    private List<Tenant> refuseHeld(String shard, List<Tenant> tenants, Map<Tenant, Outcome> outcomes)
            throws SQLException {
        if (tenants.isEmpty()) {
            return List.of();
        }
        try (Connection owner = sessions.owner(shard)) {
            Map<Tenant, String> held = HeldRows.find(owner, tables, tenants);
            held.forEach((tenant, table) -> outcomes.put(
                    tenant,
                    Outcome.refused("shard " + shard + " has rows of the key in table " + table
                            + "; a key that has rows cannot be given to another shard in this version")));
            return List.copyOf(held.keySet());
        }
    }

    private interface Work {
        Map<Tenant, Outcome> run(EntryRows entries, List<Tenant> tenants) throws SQLException;
    }

    private Map<Tenant, Outcome> locked(List<Tenant> tenants, Work work) throws SQLException {
        try (Connection session = sessions.superuser(home)) {
            EntryRows entries = new EntryRows(session);
            if (!entries.lock()) {
                return all(
                        tenants, Outcome.busy("other changes of keys of shard " + home + " are under way; ask again"));
            }
            return work.run(entries, tenants);
        }
    }

    private static boolean has(@Nullable Row row, Predicate<Row> what) {
        return row != null && what.test(row);
    }

    private static Map<Tenant, Outcome> all(List<Tenant> tenants, Outcome outcome) {
        return tenants.stream().collect(Collectors.toMap(tenant -> tenant, tenant -> outcome));
    }

    private static Map<Tenant, Row> byTenant(List<Row> rows, List<Tenant> tenants) {
        Map<String, Row> byKey = rows.stream()
                .collect(Collectors.toMap(row -> row.region().length() + ":" + row.region() + row.key(), row -> row));
        Map<Tenant, Row> found = new LinkedHashMap<>();
        for (Tenant tenant : tenants) {
            Row row = byKey.get(tenant.region().length() + ":" + tenant.region() + tenant.text());
            if (row != null) {
                found.put(tenant, row);
            }
        }
        return found;
    }
}
