package io.pgmosaic.operator.simulation;

import io.pgmosaic.protocol.instance.DataDirectory;
import io.pgmosaic.protocol.instance.InstanceCommand;
import io.pgmosaic.protocol.instance.InstanceRole;
import io.pgmosaic.protocol.instance.PostgresConfiguration;
import org.jspecify.annotations.Nullable;

/** The command that an instance works on; the promise that it holds is durable before this begins. */
final class Operation {
    private final Shard shard;
    private final Instance instance;
    private @Nullable InstanceCommand command;

    Operation(Shard shard, Instance instance) {
        this.shard = shard;
        this.instance = instance;
    }

    @Nullable
    InstanceCommand command() {
        return command;
    }

    boolean isRunning() {
        return command != null;
    }

    void begin(InstanceCommand next) {
        command = next;
    }

    void beginUnless(boolean done, InstanceCommand next) {
        command = done ? null : next;
    }

    void giveUp() {
        command = null;
    }

    /** The operation that is under way comes to its next step. */
    void goOn(Chance chance) {
        if (!instance.acts() || command == null) {
            return;
        }
        boolean done =
                switch (command) {
                    case InstanceCommand.Bootstrap bootstrap -> bootstrap(bootstrap);
                    case InstanceCommand.Follow follow -> follow(follow);
                    case InstanceCommand.Resume resume -> start(resume.configuration());
                    case InstanceCommand.Promote promote -> promote(promote);
                    case InstanceCommand.Configure configure ->
                        instance.primary == null || instance.primary.readSome(chance);
                    case InstanceCommand.Revoke revoke -> revoke(revoke);
                    default -> true;
                };
        if (done) {
            command = null;
        }
    }

    private boolean bootstrap(InstanceCommand.Bootstrap bootstrap) {
        instance.data = DataDirectory.State.PRESENT;
        instance.role = InstanceRole.PRIMARY;
        instance.assigned = bootstrap.term();
        instance.log = Entry.first(instance.assigned);
        shard.oracle.becomesPrimary(instance.number, instance.assigned, instance.log());
        return start(bootstrap.configuration());
    }

    private boolean start(PostgresConfiguration with) {
        instance.toldToStop = false;
        instance.configure(with);
        instance.running = true;
        instance.open = false;
        instance.startedAt = shard.now;
        instance.primary = new Primary(shard, instance);
        instance.lease.grant(instance.assigned, instance.localNow());
        instance.forgotten = null;
        shard.trace.say(() -> "  " + instance.name + " runs as the primary of term " + instance.assigned
                + ", its log ends at " + instance.log);
        return true;
    }

    private boolean promote(InstanceCommand.Promote promote) {
        shard.oracle.becomesPrimary(instance.number, promote.term(), instance.log());
        instance.role = InstanceRole.PRIMARY;
        instance.assigned = promote.term();
        instance.upstream = null;
        instance.log = instance.log().append(instance.assigned, 0);
        return start(promote.configuration());
    }

    private boolean follow(InstanceCommand.Follow follow) {
        Instance source = shard.instance(follow.upstream().instance());
        boolean there = source.isPrimary() && source.acts() && shard.network.bothWays(instance.number, source.number);
        if (!there) {
            return true;
        }
        if (instance.isBlank()) {
            instance.log = source.log();
            instance.data = DataDirectory.State.PRESENT;
        } else if (!source.log().includes(instance.log())) {
            instance.data = DataDirectory.State.INCOMPLETE;
            instance.running = false;
            return false;
        }
        instance.receiver.end();
        instance.role = InstanceRole.STANDBY;
        instance.assigned = follow.term();
        instance.upstream = source;
        instance.toldToStop = false;
        instance.configure(follow.configuration());
        instance.running = true;
        instance.open = false;
        instance.primary = null;
        instance.heartbeats.forget();
        instance.forgotten = null;
        return true;
    }

    private boolean revoke(InstanceCommand.Revoke revoke) {
        if (instance.isBlank()) {
            return true;
        }
        if (instance.isPrimary()) {
            if (revoke.orderly()) {
                shard.handOver(instance);
            }
            instance.stop();
        }
        if (shard.mutant != Mutant.KEEP_STREAMING || instance.role == InstanceRole.PRIMARY) {
            instance.receiver.end();
            instance.upstream = null;
        }
        instance.toldToStop = false;
        instance.role = InstanceRole.STANDBY;
        instance.assigned = revoke.term();
        instance.configuration = Instance.EMPTY;
        instance.running = true;
        shard.trace.say(() ->
                "  " + instance.name + " has promised term " + instance.promised + ", its log ends at " + instance.log);
        return true;
    }
}
