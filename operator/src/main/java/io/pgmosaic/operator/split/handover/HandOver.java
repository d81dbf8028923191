package io.pgmosaic.operator.split.handover;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.operator.split.record.OvertakenException;
import io.pgmosaic.routing.guard.GuardChange;
import org.jboss.logging.Logger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One attempt. */
public final class HandOver {
    private static final Logger LOG = Logger.getLogger(HandOver.class);

    /** SQLSTATE of a lock that was not had in time. */
    private static final String NO_LOCK = "55P03";

    /** SQLSTATE of a statement that took too long. */
    private static final String TOO_LATE = "57014";

    /** How often a guard is tried to be brought to the next map at once. */
    private static final int TRIES = 5;

    private static final String STATE = "SELECT version, frozen_version FROM mosaic.shard_map";

    private final List<Party> parties;
    private final long version;
    private final Limits limits;
    private final MapRecord record;
    private final Carried carried;

    /**
     * @param pause for how long writes of the moving keys may pause; then it is given up
     * @param lock for how long a lock is waited for, behind which all writers of the table wait
     */
    public record Limits(Duration pause, Duration lock) {}

    /** The map in force, changed by compare-and-set. */
    public interface MapRecord {
        /** @throws OvertakenException when the map is not of this version any more */
        ShardedCluster handOver(long version) throws OvertakenException;

        /** @throws OvertakenException when the map is not of this version any more */
        ShardedCluster thaw(long version) throws OvertakenException;
    }

    /** What is carried over beside the rows, while nobody writes. */
    public interface Carried {
        void carry(Connection sender, Connection receiver) throws SQLException;
    }

    /**
     * @param parties all of the split
     * @param version of the map that it ends
     */
    public HandOver(List<Party> parties, long version, Limits limits, MapRecord record, Carried carried) {
        this.parties = List.copyOf(parties);
        this.version = version;
        this.limits = limits;
        this.record = record;
        this.carried = carried;
    }

    /** @throws SQLException when a shard cannot be asked; then what was frozen is to be ended by a new version of the map */
    public Outcome attempt() throws SQLException {
        for (Party party : parties) {
            Seal.advance(party.receiver().session(), party.wayBack());
        }
        Map<String, Party.Side> senders = new LinkedHashMap<>();
        parties.forEach(party -> senders.putIfAbsent(party.sender().shard(), party.sender()));
        long began = System.nanoTime();
        long deadline = began + limits.pause().toNanos();
        boolean frozen = false;
        for (Party.Side sender : senders.values()) {
            try {
                freeze(sender);
                frozen = true;
            } catch (SQLException e) {
                if (!NO_LOCK.equals(e.getSQLState()) && !TOO_LATE.equals(e.getSQLState())) {
                    throw e;
                }
                String why = "shard " + sender.shard() + " has transactions that hold its tables for more than "
                        + limits.lock().toMillis() + " ms" + longest(sender.session());
                return frozen ? giveUp(why, began) : new Outcome.NotNow(why);
            }
        }
        Optional<String> trouble = bringOver(deadline);
        return trouble.isPresent() ? giveUp(trouble.get(), began) : change(began);
    }

    /** The locks of all tables together take no longer than writes may pause. */
    private void freeze(Party.Side sender) throws SQLException {
        execute(sender.session(), "SET statement_timeout = " + limits.pause().toMillis());
        try {
            execute(
                    sender.session(),
                    new GuardChange(sender.shard(), version, limits.lock().toMillis()).freeze(sender.freezing()));
        } finally {
            execute(sender.session(), "SET statement_timeout = '30s'");
        }
    }

    /** Returns what stands against it. */
    private Optional<String> bringOver(long deadline) throws SQLException {
        Map<Party, Long> marks = new LinkedHashMap<>();
        for (Party party : parties) {
            marks.put(party, Mark.write(party.sender().session(), party.names()));
        }
        for (Map.Entry<Party, Long> mark : marks.entrySet()) {
            Party party = mark.getKey();
            if (!Mark.arrived(party.receiver().session(), party.names(), mark.getValue(), deadline)) {
                return Optional.of("shard " + party.receiver().shard() + " did not have the last changes of shard "
                        + party.sender().shard() + " within " + limits.pause().toMillis() + " ms");
            }
            carried.carry(party.sender().session(), party.receiver().session());
        }
        for (Party party : parties) {
            if (!Seal.put(party.receiver().session(), party.names(), party.wayBack(), version)) {
                return Optional.of("shard " + party.receiver().shard()
                        + " has no whole copy or no way back any more, or a later map");
            }
            Seal.advance(party.receiver().session(), party.wayBack());
        }
        for (Party party : parties) {
            if (!isFrozen(party.sender().session())) {
                return Optional.of("shard " + party.sender().shard() + " has a later map");
            }
        }
        return System.nanoTime() - deadline >= 0
                ? Optional.of(
                        "it would take longer than the " + limits.pause().toMillis() + " ms for which writes may pause")
                : Optional.empty();
    }

    private boolean isFrozen(Connection session) throws SQLException {
        try (PreparedStatement statement = session.prepareStatement(STATE);
                ResultSet row = statement.executeQuery()) {
            return row.next() && row.getLong(1) == version && row.getLong(2) == version;
        }
    }

    private Outcome change(long began) throws SQLException {
        ShardedCluster stored;
        try {
            stored = record.handOver(version);
        } catch (OvertakenException e) {
            return giveUp("the map was changed meanwhile: " + e.getMessage(), began);
        } catch (KubernetesClientException e) {
            // It may be stored, or be stored yet: a later version of the map settles that.
            return giveUp("the Kubernetes API did not answer: " + e.getMessage(), began);
        }
        open(stored);
        return new Outcome.Done(millisSince(began), stored);
    }

    /** Others open them too, a little later; a receiver that cannot be opened now is opened by them. */
    private void open(ShardedCluster stored) {
        long next = version + 1;
        for (Party party : parties) {
            open(party.receiver(), next, party.receiver().opening());
        }
        LOG.infof("map version %d is in force in %s", next, stored.getMetadata().getName());
    }

    private void open(Party.Side side, long next, List<GuardChange.Guarded> tables) {
        String install = new GuardChange(side.shard(), next, limits.lock().toMillis()).install(tables);
        for (int tries = 1; ; tries++) {
            try {
                execute(side.session(), install);
                return;
            } catch (SQLException e) {
                if (!NO_LOCK.equals(e.getSQLState()) || tries == TRIES) {
                    LOG.warnf("shard %s does not have map version %d at once: %s", side.shard(), next, e.getMessage());
                    return;
                }
            }
        }
    }

    private Outcome giveUp(String why, long began) {
        try {
            record.thaw(version);
            for (Party party : parties) {
                open(
                        party.sender(),
                        version + 1,
                        party.sender().freezing().stream()
                                .map(one -> new GuardChange.Guarded(one.table(), one.present()))
                                .toList());
            }
        } catch (OvertakenException e) {
            LOG.infof("what was frozen in map version %d is ended by a later one already: %s", version, e.getMessage());
        }
        return new Outcome.GivenUp(why, millisSince(began));
    }

    private static long millisSince(long began) {
        return (System.nanoTime() - began) / 1_000_000;
    }

    /** What a person would look for. */
    private static String longest(Connection session) throws SQLException {
        try (Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT pid, pg_catalog.floor(pg_catalog.extract('epoch', now() - xact_start))"
                                + " FROM pg_catalog.pg_stat_activity WHERE backend_xid IS NOT NULL AND datname ="
                                + " pg_catalog.current_database() AND pid <> pg_catalog.pg_backend_pid()"
                                + " ORDER BY xact_start LIMIT 1")) {
            return row.next()
                    ? "; the longest is of process " + row.getInt(1) + ", since " + row.getLong(2) + " s"
                    : "";
        }
    }

    private static void execute(Connection session, String sql) throws SQLException {
        try (Statement statement = session.createStatement()) {
            statement.execute(sql);
        }
    }
}
