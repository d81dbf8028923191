package io.pgmosaic.operator.status;

import io.pgmosaic.api.v1alpha1.cluster.InstanceState;
import io.pgmosaic.operator.plan.Finding;
import io.pgmosaic.operator.plan.InstanceFacts;
import io.pgmosaic.operator.plan.ShardRecord;
import io.pgmosaic.protocol.Lsn;
import io.pgmosaic.protocol.instance.InstanceRole;
import io.pgmosaic.protocol.instance.InstanceStatus;
import io.pgmosaic.protocol.instance.PostgresState;
import io.pgmosaic.protocol.instance.ReplicaConnection;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Objects;

/** The instances of a shard, as the status shows them. */
final class InstanceStates {
    private InstanceStates() {}

    static List<InstanceState> of(ShardView view) {
        InstanceStatus primary = view.facts().instances().stream()
                .filter(instance -> instance.name().equals(view.plan().record().primary()))
                .map(InstanceFacts::status)
                // Null while it does not answer, which findFirst would not bear.
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        return view.facts().instances().stream()
                .map(instance -> of(instance, view, primary))
                .toList();
    }

    private static InstanceState of(InstanceFacts instance, ShardView view, @Nullable InstanceStatus primary) {
        String message = view.plan().findings().stream()
                .filter(finding -> finding.subject().equals(instance.name()))
                .map(Finding::message)
                .findFirst()
                .orElse(null);
        InstanceStatus status = instance.status();
        if (status == null) {
            return new InstanceState(instance.name(), null, false, null, null, null, null, null, message);
        }
        PostgresState postgres = status.postgres();
        Long lagBytes = lagBytes(status, primary);
        return new InstanceState(
                instance.name(),
                roleWord(status.role()),
                isReady(status, view.plan().record()),
                status.role() == InstanceRole.STANDBY ? lagText(lagBytes, postgres.replayLagMillis()) : null,
                lagBytes,
                status.role() == InstanceRole.STANDBY ? postgres.replayLagMillis() : null,
                syncState(instance.name(), primary),
                postgres.timeline() == 0 ? null : postgres.timeline(),
                message);
    }

    private static @Nullable String roleWord(InstanceRole role) {
        return switch (role) {
            case PRIMARY -> "Primary";
            case STANDBY -> "Standby";
            case NONE -> null;
        };
    }

    private static boolean isReady(InstanceStatus status, ShardRecord record) {
        PostgresState postgres = status.postgres();
        boolean runs = postgres.state() == PostgresState.ServerState.RUNNING
                && status.promisedTerm() == record.term()
                && postgres.open();
        return switch (status.role()) {
            case PRIMARY -> runs && status.identity().instance().equals(record.primary());
            case STANDBY ->
                runs && postgres.receiver() != null && postgres.receiver().streaming();
            case NONE -> false;
        };
    }

    private static @Nullable Long lagBytes(InstanceStatus status, @Nullable InstanceStatus primary) {
        Lsn replayed = status.postgres().replayedLsn();
        Lsn written = primary == null ? null : primary.postgres().writtenLsn();
        if (status.role() != InstanceRole.STANDBY || replayed == null || written == null) {
            return null;
        }
        return Math.max(0, written.minus(replayed));
    }

    static @Nullable String lagText(@Nullable Long bytes, @Nullable Long millis) {
        if (millis == null) {
            return "unknown";
        }
        String time = millis < 1_000 ? millis + "ms" : String.format(java.util.Locale.ROOT, "%.1fs", millis / 1_000.0);
        return bytes == null || bytes == 0 ? time : time + ", " + bytesText(bytes);
    }

    private static String bytesText(long bytes) {
        if (bytes < 1 << 10) {
            return bytes + " B";
        }
        if (bytes < 1 << 20) {
            return String.format(java.util.Locale.ROOT, "%.1f KiB", bytes / 1024.0);
        }
        if (bytes < 1 << 30) {
            return String.format(java.util.Locale.ROOT, "%.1f MiB", bytes / 1048576.0);
        }
        return String.format(java.util.Locale.ROOT, "%.1f GiB", bytes / 1073741824.0);
    }

    private static @Nullable String syncState(String instance, @Nullable InstanceStatus primary) {
        return primary == null
                ? null
                : primary.postgres().replicas().stream()
                        .filter(replica -> replica.instance().equals(instance))
                        .map(ReplicaConnection::syncState)
                        .findFirst()
                        .orElse(null);
    }
}
