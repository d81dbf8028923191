package io.pgmosaic.operator.simulation;

import io.pgmosaic.protocol.instance.InstanceRole;

/** A standby's connection to its upstream. What was sent over one that has ended still arrives. */
final class Receiver {
    private final Shard shard;
    private final Instance standby;
    private long connection;

    Receiver(Shard shard, Instance standby) {
        this.shard = shard;
        this.standby = standby;
    }

    boolean isConnected() {
        Instance source = standby.upstream;
        return source != null && source.primary != null && source.primary.isConnected(standby.number, connection);
    }

    /** Gets some of the log, or all, if it can, and says how far it has it on its disk. */
    void receive(Chance chance, boolean all) {
        Instance source = standby.upstream;
        if (source == null || !standby.acts() || !standby.running || standby.role != InstanceRole.STANDBY) {
            return;
        }
        Primary sender = source.primary;
        if (!source.acts() || sender == null || !shard.network.bothWays(standby.number, source.number)) {
            return;
        }
        if (!sender.isConnected(standby.number, connection)) {
            if (!mayConnect(source)) {
                return;
            }
            connection = shard.nextConnection();
            sender.connect(standby.number, connection);
        }
        int missing = source.log().length - standby.log().length;
        if (missing > 0) {
            standby.log = source.log().cut(standby.log().length + (all ? missing : 1 + chance.below(missing)));
        }
        shard.send(new Message.Confirmation(standby.number, source.number, connection, standby.log().length));
    }

    /** What has parted is not streamed, and one that has promised a later term has lost its password. */
    private boolean mayConnect(Instance source) {
        boolean hasPassword = standby.promised <= standby.assigned || shard.mutant == Mutant.KEEP_STREAMING;
        return source.log().includes(standby.log()) && hasPassword;
    }

    /** The last that a primary sends while it ends in good order. */
    void receiveLast(Entry end) {
        if (standby.acts() && standby.running && end.includes(standby.log())) {
            standby.log = end;
        }
    }

    void end() {
        Instance source = standby.upstream;
        if (source != null
                && source.primary != null
                && isConnected()
                && shard.network.carries(standby.number, source.number)) {
            source.primary.disconnect(standby.number);
        }
        connection = 0;
    }
}
