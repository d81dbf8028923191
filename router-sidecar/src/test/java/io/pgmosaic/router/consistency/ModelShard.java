package io.pgmosaic.router.consistency;

import io.pgmosaic.protocol.Lsn;
import io.pgmosaic.protocol.instance.LogPosition;
import io.pgmosaic.protocol.topology.Replica;
import io.pgmosaic.protocol.topology.Server;
import io.pgmosaic.protocol.topology.ShardTopology;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * A shard of four servers as far as reads can tell: logs, who has replayed how much of them, and failovers in which what was
 * acknowledged stays and other things may not.
 */
final class ModelShard {
    static final int SERVERS = 4;

    private final Random random;
    private final List<ModelServer> servers = new ArrayList<>();
    private final Set<Integer> acknowledged = new HashSet<>();
    private long term = 1;
    private int primary;
    private int writes;
    long now;

    /** A write: which one, where its record ends, and when it was made. */
    record Entry(int write, long end, long madeAt) {}

    private static final class ModelServer {
        final List<Entry> log = new ArrayList<>();
        int replayed;
        boolean up = true;
        long timeline = 1;
    }

    /** What an operator saw of the shard at some time. */
    record Sighting(ShardTopology topology, long at) {}

    ModelShard(Random random) {
        this.random = random;
        for (int i = 0; i < SERVERS; i++) {
            servers.add(new ModelServer());
        }
    }

    /** Something that the servers do by themselves. */
    void step() {
        now += 1_000_000L * random.nextInt(1, 400);
        switch (random.nextInt(24)) {
            case 0 -> failOver();
            case 1 -> write();
            default -> {
                receive(servers.get(random.nextInt(SERVERS)));
                replay(servers.get(random.nextInt(SERVERS)));
            }
        }
    }

    /** The number of a write that was acknowledged; negative when it was not, and may be there or not. */
    int write() {
        List<Entry> log = primary().log;
        int write = writes++;
        log.add(new Entry(write, end(log) + random.nextInt(1, 50), now));
        primary().replayed = log.size();
        ModelServer standby = standby();
        if (!standby.up || standby.timeline != term || random.nextInt(5) == 0) {
            return -1;
        }
        while (standby.log.size() < log.size()) {
            standby.log.add(log.get(standby.log.size()));
        }
        acknowledged.add(write);
        return write;
    }

    /** Where the primary's log ends. */
    LogPosition end() {
        return new LogPosition(term, new Lsn(end(primary().log)));
    }

    /** What a read of the server sees of what was acknowledged; null when the server does not answer. */
    @Nullable
    Set<Integer> read(int server) {
        ModelServer asked = servers.get(server);
        if (!asked.up) {
            return null;
        }
        Set<Integer> seen = new HashSet<>();
        asked.log.subList(0, asked.replayed).forEach(entry -> seen.add(entry.write()));
        seen.retainAll(acknowledged);
        return seen;
    }

    boolean isPrimary(int server) {
        return server == primary && servers.get(server).up;
    }

    /** How far the server is, as a client that reads from it is told. */
    LogPosition position(int server) {
        ModelServer asked = servers.get(server);
        return new LogPosition(asked.timeline, new Lsn(end(asked.log.subList(0, asked.replayed))));
    }

    Sighting look() {
        List<Replica> replicas = new ArrayList<>();
        for (int i = 0; i < SERVERS; i++) {
            ModelServer server = servers.get(i);
            if (i != primary && server.up) {
                replicas.add(new Replica(named(i), lagMillis(server), position(i), 0L));
            }
        }
        return new Sighting(new ShardTopology("s0", term, named(primary), replicas, null, end()), now);
    }

    static int number(String instance) {
        return Integer.parseInt(instance.substring(1));
    }

    /** Everybody may come back later, with a log that was made to fit. */
    private void failOver() {
        ModelServer old = primary();
        old.up = false;
        int best = -1;
        for (int i = 0; i < SERVERS; i++) {
            ModelServer server = servers.get(i);
            // Any that has all that was acknowledged will do, also when another one has more.
            if (server != old && server.up && holds(server) && (best < 0 || random.nextBoolean())) {
                best = i;
            }
        }
        if (best < 0) {
            old.up = true;
            return;
        }
        primary = best;
        term++;
        ModelServer promoted = primary();
        promoted.replayed = promoted.log.size();
        promoted.timeline = term;
    }

    private boolean holds(ModelServer server) {
        Set<Integer> has = new HashSet<>();
        server.log.forEach(entry -> has.add(entry.write()));
        return has.containsAll(acknowledged);
    }

    /** Follows the primary: first onto its timeline, rewound where the logs have parted, then record by record. */
    private void receive(ModelServer server) {
        List<Entry> source = primary().log;
        if (server == primary()) {
            return;
        }
        if (server.timeline != term || !server.up) {
            boolean parted =
                    server.log.size() > source.size() || !server.log.equals(source.subList(0, server.log.size()));
            if (parted || !server.up) {
                server.log.clear();
                server.log.addAll(source);
                server.replayed = source.size();
            }
            server.up = true;
            server.timeline = term;
        } else {
            int most = Math.min(source.size(), server.log.size() + 3);
            server.log.addAll(source.subList(server.log.size(), most));
        }
    }

    private void replay(ModelServer server) {
        if (server != primary() && random.nextInt(3) > 0) {
            server.replayed = Math.min(server.log.size(), server.replayed + 3);
        }
    }

    private @Nullable Long lagMillis(ModelServer server) {
        List<Entry> source = primary().log;
        if (server.timeline != term) {
            return null;
        }
        return server.replayed >= source.size()
                ? 0
                : (now - source.get(server.replayed).madeAt()) / 1_000_000 + 1;
    }

    private ModelServer primary() {
        return servers.get(primary);
    }

    private ModelServer standby() {
        int other = random.nextInt(SERVERS - 1);
        return servers.get(other < primary ? other : other + 1);
    }

    private static long end(List<Entry> log) {
        return log.isEmpty() ? 0 : log.getLast().end();
    }

    private static Server named(int server) {
        return new Server("r" + server, "host", 5432);
    }
}
