package io.pgmosaic.operator.observe;

import io.pgmosaic.protocol.instance.AppliedConfiguration;
import io.pgmosaic.protocol.instance.DataDirectory;
import io.pgmosaic.protocol.instance.InstanceRole;
import io.pgmosaic.protocol.instance.InstanceStatus;
import io.pgmosaic.protocol.instance.Operation;
import io.pgmosaic.protocol.instance.PostgresState;
import io.pgmosaic.protocol.instance.ReplicaConnection;
import io.pgmosaic.protocol.instance.UpstreamContact;
import io.pgmosaic.protocol.instance.WalReceiver;
import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * The part of an observation whose change is worth a reconciliation at once. Log positions, lags and sizes move all the
 * time and are read when the next pass comes along anyway.
 */
record Significant(
        boolean answers,
        @Nullable String bootId,
        long promisedTerm,
        @Nullable InstanceRole role,
        @Nullable DataDirectory data,
        PostgresState.@Nullable ServerState server,
        long term,
        @Nullable String upstream,
        List<String> replicas,
        @Nullable AppliedConfiguration configuration,
        @Nullable Operation operation,
        @Nullable String contact,
        boolean leaseIsOver,
        boolean closedPrimary) {

    /** An upstream that was not heard for so long has missed two heartbeats. */
    private static final long LOST_MILLIS = 1200;

    static Significant of(Observation observation) {
        InstanceStatus status = observation.status();
        if (status == null || observation.failure() != null) {
            return new Significant(
                    false, null, 0, null, null, null, 0, null, List.of(), null, null, null, false, false);
        }
        PostgresState postgres = status.postgres();
        WalReceiver receiver = postgres.receiver();
        return new Significant(
                true,
                status.bootId(),
                status.promisedTerm(),
                status.role(),
                status.data(),
                postgres.state(),
                postgres.term(),
                receiver == null ? null : receiver.upstream() + receiver.streaming(),
                postgres.replicas().stream()
                        .map(replica -> text(replica, isClosedPrimary(status)))
                        .sorted()
                        .toList(),
                postgres.configuration(),
                status.operation(),
                contact(status.upstream()),
                status.lease() != null && status.lease().remainingMillis() == 0,
                isClosedPrimary(status));
    }

    private static @Nullable String contact(@Nullable UpstreamContact upstream) {
        if (upstream == null) {
            return null;
        }
        Long silence = upstream.silenceMillis();
        String heard = silence == null ? "never" : silence < LOST_MILLIS ? "heard" : "lost";
        return upstream.instance() + ' ' + heard + ' ' + upstream.refused();
    }

    /** What standbys have of the log of a primary that is not open decides when it opens. */
    private static String text(ReplicaConnection replica, boolean withPosition) {
        String connection = replica.instance() + ' ' + replica.state() + ' ' + replica.syncState();
        return withPosition ? connection + ' ' + replica.flushLsn() : connection;
    }

    private static boolean isClosedPrimary(InstanceStatus status) {
        return status.role() == InstanceRole.PRIMARY && !status.postgres().open();
    }

    /** True while the instance is about to change, so that it is worth looking again soon. */
    boolean isUnsettled() {
        return !answers
                || closedPrimary
                || server != PostgresState.ServerState.RUNNING
                || (operation != null && operation.state() == Operation.State.RUNNING)
                || (role == InstanceRole.STANDBY && (upstream == null || !upstream.endsWith("true")));
    }
}
