package io.pgmosaic.operator.simulation;

import io.pgmosaic.protocol.instance.AppliedConfiguration;
import io.pgmosaic.protocol.instance.DataDirectory;
import io.pgmosaic.protocol.instance.InstanceCommand;
import io.pgmosaic.protocol.instance.InstanceIdentity;
import io.pgmosaic.protocol.instance.InstanceRole;
import io.pgmosaic.protocol.instance.InstanceStatus;
import io.pgmosaic.protocol.instance.PostgresState;
import io.pgmosaic.protocol.instance.ReplicaConnection;
import io.pgmosaic.protocol.instance.UpstreamContact;
import io.pgmosaic.protocol.instance.WalReceiver;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What an instance answers when it is asked for its status. */
final class StatusOf {
    private StatusOf() {}

    static InstanceStatus instance(Instance instance, long changes) {
        InstanceIdentity identity = Shard.IDENTITY.instance(instance.name);
        boolean blank = instance.isBlank();
        Instance upstream = instance.role == InstanceRole.STANDBY ? instance.upstream() : null;
        return new InstanceStatus(
                identity,
                Integer.toString(instance.boot),
                "simulated",
                15,
                instance.promised,
                instance.role,
                new DataDirectory(
                        instance.data, blank ? null : Shard.SYSTEM, blank ? null : 15, blank ? null : identity, null),
                postgres(instance, upstream),
                instance.logHasEnded() ? instance.log().position() : null,
                upstream == null
                        ? null
                        : new UpstreamContact(
                                upstream.name, instance.heartbeats.silence(), instance.heartbeats.isRefused()),
                null,
                operation(instance),
                1,
                1,
                changes,
                Instant.EPOCH);
    }

    private static PostgresState postgres(Instance instance, @Nullable Instance upstream) {
        boolean runs = instance.running;
        boolean primary = instance.isPrimary();
        return new PostgresState(
                runs ? PostgresState.ServerState.RUNNING : PostgresState.ServerState.STOPPED,
                runs ? instance.assigned : 0,
                instance.isBlank() ? 0 : instance.log().term,
                instance.isBlank() ? null : Entry.lsn(instance.log().length),
                instance.isBlank() ? null : Entry.lsn(instance.log().length),
                0L,
                upstream == null ? null : new WalReceiver(upstream.name, instance.receiver.isConnected(), null, 0L),
                instance.primary == null ? List.of() : replicas(instance.primary),
                primary ? instance.open : runs && instance.configuration.acceptClients(),
                runs ? applied(instance) : null,
                1L,
                runs ? Instant.ofEpochMilli(instance.startedAt) : null,
                null);
    }

    private static List<ReplicaConnection> replicas(Primary primary) {
        List<ReplicaConnection> replicas = new ArrayList<>();
        for (int i = 0; i < Shard.MOST; i++) {
            if (primary.streamsTo(i)) {
                var flushed = Entry.lsn(primary.flushed(i));
                replicas.add(
                        new ReplicaConnection(Shard.name(i), "streaming", "quorum", flushed, flushed, flushed, 0L));
            }
        }
        return replicas;
    }

    private static AppliedConfiguration applied(Instance instance) {
        int applied = instance.primary == null ? 0 : instance.primary.applied;
        return new AppliedConfiguration(
                instance.assigned,
                instance.configuration.sequence(),
                instance.fingerprint,
                instance.configuration.synchronousStandbyNames(),
                instance.configuration.acceptClients(),
                applied == 0 ? null : Entry.lsn(applied),
                List.of());
    }

    private static io.pgmosaic.protocol.instance.@Nullable Operation operation(Instance instance) {
        InstanceCommand command = instance.operation.command();
        return command == null
                ? null
                : new io.pgmosaic.protocol.instance.Operation(
                        command.path(),
                        command.term(),
                        io.pgmosaic.protocol.instance.Operation.State.RUNNING,
                        "under way",
                        Instant.EPOCH,
                        null,
                        null);
    }
}
