package io.pgmosaic.operator.lookup;

import io.pgmosaic.maps.PlacedTable;
import io.pgmosaic.operator.directory.KeyOwners;
import io.pgmosaic.operator.lookup.EntryTable.Reservation;
import io.pgmosaic.operator.upkeep.ShardSessions;
import io.pgmosaic.routing.guard.LookupSchema;
import io.pgmosaic.routing.map.RowKey;
import org.jboss.logging.Logger;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Ends reservations of one cluster. Each step can be repeated, and is undone by nothing: a reservation that was renewed meanwhile has
 * another number.
 */
final class Reservations {
    /** By then a ticket has expired, unless clocks differ by minutes; it is made void all the same. */
    static final Duration UNUSED_AFTER = Duration.ofSeconds(2L * LookupSchema.TICKET_SECONDS);

    private static final Logger LOG = Logger.getLogger(Reservations.class);
    private static final Duration VOID_FOR = Duration.ofDays(1);

    /** How many are looked at together: there may be more. */
    static final int AT_ONCE = 1_000;

    private final ShardSessions sessions;
    private final Indexes indexes;
    private final Set<String> shards;

    /** @param shards all of the cluster */
    Reservations(ShardSessions sessions, Indexes indexes, Set<String> shards) {
        this.sessions = sessions;
        this.indexes = indexes;
        this.shards = Set.copyOf(shards);
    }

    /**
     * @param ended of how many reservations it was found out
     * @param removed of how many the entries were taken away
     */
    record Settled(int ended, int removed) {}

    /** Sets values free whose rows on a shard are gone. Returns how many there were. */
    int release(String shard) throws SQLException {
        try (Connection session = sessions.superuser(shard)) {
            HeldTable held = new HeldTable(session);
            held.forget(VOID_FOR, AT_ONCE);
            List<Claim> gone = held.free(AT_ONCE);
            Map<String, List<Claim>> byHome = gone.stream().collect(Collectors.groupingBy(indexes::home));
            for (Map.Entry<String, List<Claim>> home : byHome.entrySet()) {
                try (Connection there = sessions.superuser(home.getKey())) {
                    new EntryTable(there).removeUpTo(home.getValue());
                }
                held.ended(home.getValue());
            }
            return gone.size();
        }
    }

    /**
     * Finds out of old reservations whose entries a shard has whether they were used, and takes away those that were not, after their
     * tickets were made void.
     */
    Settled settle(String home, Duration olderThan) throws SQLException {
        try (Connection session = sessions.superuser(home)) {
            EntryTable entries = new EntryTable(session);
            Map<String, List<Claim>> places = new HashMap<>();
            List<Claim> asked = new ArrayList<>();
            List<Reservation> unsettled = entries.unsettled(olderThan, AT_ONCE);
            Map<Claim, String> owners = owners(unsettled, asked);
            for (Reservation reservation : unsettled) {
                String owner = owners.get(reservation.claim());
                if (owner != null) {
                    asked.add(reservation.claim());
                    Set<String> both = new HashSet<>(Set.of(owner));
                    if (shards.contains(reservation.shard())) {
                        // Its last ticket is good there alone, should the key come to be there.
                        both.add(reservation.shard());
                    }
                    both.forEach(shard -> places.computeIfAbsent(shard, unseen -> new ArrayList<>())
                            .add(reservation.claim()));
                }
            }
            Set<Claim> used = new HashSet<>();
            for (Map.Entry<String, List<Claim>> place : places.entrySet()) {
                try (Connection there = sessions.superuser(place.getKey())) {
                    used.addAll(new HeldTable(there).settle(place.getValue()));
                }
            }
            entries.settle(List.copyOf(used));
            int removed = entries.removeUnused(
                    asked.stream().filter(claim -> !used.contains(claim)).toList());
            return new Settled(asked.size(), removed);
        }
    }

    /**
     * Where the rows of each would be; those that nobody can tell are left out.
     *
     * @param impossible gets those that no row can have, since the key is none of the table's
     */
    private Map<Claim, String> owners(List<Reservation> reservations, List<Claim> impossible) throws SQLException {
        Map<PlacedTable, Map<Claim, RowKey>> byTable = new HashMap<>();
        for (Reservation reservation : reservations) {
            Claim claim = reservation.claim();
            PlacedTable table = indexes.tables().get(claim.index());
            if (table == null) {
                continue;
            }
            try {
                byTable.computeIfAbsent(table, unseen -> new HashMap<>()).put(claim, Indexes.key(table, claim));
            } catch (IllegalArgumentException e) {
                LOG.infof(
                        "lookup index %s: a value was reserved for what is no key: %s", claim.index(), e.getMessage());
                impossible.add(claim);
            }
        }
        Map<Claim, String> owners = new HashMap<>();
        for (Map.Entry<PlacedTable, Map<Claim, RowKey>> table : byTable.entrySet()) {
            Map<RowKey, String> found = KeyOwners.find(
                    sessions, table.getKey(), new HashSet<>(table.getValue().values()));
            table.getValue().forEach((claim, key) -> {
                String owner = found.get(key);
                if (owner != null) {
                    owners.put(claim, owner);
                }
            });
        }
        return owners;
    }
}
