package io.pgmosaic.operator.simulation;

import io.pgmosaic.protocol.instance.PostgresConfiguration;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * A server that runs as the primary: its walsenders, and the commits that wait. Every process has its own copy of the
 * synchronous standbys, which it reads anew when it comes to it.
 */
final class Primary {
    /** Of the process that lets commits wait at all. */
    private static final int CHECKPOINTER = Shard.MOST;

    /** A commit that its client has not been told of. */
    private record Waiting(Entry entry, long promotedAtItsBegin) {}

    private final Shard shard;
    private final Instance instance;
    private final Names[] known = new Names[Shard.MOST + 1];
    private final long[] connections = new long[Shard.MOST];
    private final int[] flushed = new int[Shard.MOST];
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private Names newest;
    /** What others see: all that was there when the server started, and what was acknowledged since. */
    private int visible;
    /** The log's end when every process had taken the configuration; 0 while not all have. */
    int applied;

    Primary(Shard shard, Instance instance) {
        this.shard = shard;
        this.instance = instance;
        this.newest = Names.of(instance.configuration.synchronousStandbyNames());
        Arrays.fill(known, newest);
        visible = instance.log().length;
        applied = visible;
    }

    // ---- configuration

    /** The new file is there. */
    void reload(PostgresConfiguration configuration) {
        newest = Names.of(configuration.synchronousStandbyNames());
        applied = shard.mutant == Mutant.APPLIED_TOO_SOON ? instance.log().length : 0;
    }

    /** One process, or all, come to read it. Whether all have. */
    boolean readSome(Chance chance) {
        boolean all = chance.percent(30);
        for (int i = 0; i < known.length; i++) {
            if (!known[i].equals(newest) && (all || chance.percent(30))) {
                known[i] = newest;
                if (i == CHECKPOINTER) {
                    releaseUnasked();
                } else {
                    release(i);
                }
            }
        }
        boolean done = Arrays.stream(known).allMatch(newest::equals);
        if (done && applied == 0) {
            applied = instance.log().length;
        }
        return done;
    }

    // ---- replication

    void connect(int standby, long connection) {
        connections[standby] = connection;
        flushed[standby] = 0;
        known[standby] = newest;
    }

    void disconnect(int standby) {
        connections[standby] = 0;
        flushed[standby] = 0;
    }

    /** It has not heard from this one for long enough to give it up. */
    void dropDeadConnections(Chance chance) {
        for (int i = 0; i < connections.length; i++) {
            if (connections[i] != 0 && !shard.isStreaming(i, instance) && chance.percent(50)) {
                disconnect(i);
            }
        }
    }

    boolean isConnected(int standby, long connection) {
        return connection != 0 && connections[standby] == connection;
    }

    boolean streamsTo(int standby) {
        return connections[standby] != 0 && flushed[standby] > 0;
    }

    int flushed(int standby) {
        return flushed[standby];
    }

    void confirmed(int standby, int length) {
        flushed[standby] = Math.max(flushed[standby], length);
        release(standby);
    }

    // ---- clients

    void write(Entry entry) {
        waiting.add(new Waiting(entry, shard.oracle.begins(instance.number, entry)));
        if (known[CHECKPOINTER].wanted() == 0) {
            releaseUnasked();
        }
    }

    Entry read() {
        return instance.log().cut(visible);
    }

    private void releaseUnasked() {
        if (known[CHECKPOINTER].wanted() == 0) {
            release(Integer.MAX_VALUE, 0);
        }
    }

    /** By the walsender of this standby, as it knows the names, when it is among them. */
    private void release(int standby) {
        Names names = known[standby];
        if (names.wanted() == 0 || !names.has(standby)) {
            return;
        }
        int[] positions = new int[Shard.MOST];
        for (int i = 0; i < positions.length; i++) {
            positions[i] = names.has(i) ? flushed[i] : 0;
        }
        Arrays.sort(positions);
        release(positions[positions.length - names.wanted()], names.wanted());
    }

    private void release(int upTo, int standbys) {
        while (!waiting.isEmpty() && waiting.getFirst().entry().length <= upTo) {
            Waiting done = waiting.removeFirst();
            visible = Math.max(visible, done.entry().length);
            shard.trace.say(
                    () -> "  acknowledged " + done.entry() + " by " + standbys + " standbys on " + instance.name);
            shard.oracle.acknowledges(
                    done.entry(), done.promotedAtItsBegin(), standbys, shard.mayBeAlone(done.entry().term));
        }
    }
}
