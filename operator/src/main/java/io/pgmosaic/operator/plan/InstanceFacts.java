package io.pgmosaic.operator.plan;

import io.pgmosaic.protocol.instance.DataDirectory;
import io.pgmosaic.protocol.instance.InstanceRole;
import io.pgmosaic.protocol.instance.InstanceStatus;
import io.pgmosaic.protocol.instance.Operation;
import io.pgmosaic.protocol.instance.PostgresState;
import org.jspecify.annotations.Nullable;

/**
 * One instance as it was last seen.
 *
 * @param name of its pod
 * @param ordinal the pod's number in the StatefulSet
 * @param address the pod's IP; null while there is no pod or it has none
 * @param podProblem why the pod cannot run, for a person; null when nothing is wrong
 * @param volumePredatesCluster whether its volume claim is older than the ShardedCluster object
 * @param status null when the manager has not answered recently
 * @param silence why there is no status; null when there is one
 * @param refusal why it refused the last command that it was sent; null when it did not
 */
public record InstanceFacts(
        String name,
        int ordinal,
        @Nullable String address,
        @Nullable String podProblem,
        boolean volumePredatesCluster,
        @Nullable InstanceStatus status,
        @Nullable String silence,
        @Nullable String refusal) {

    boolean has(DataDirectory.State state) {
        return status != null && status.data().state() == state;
    }

    boolean isBusy() {
        return status != null
                && status.operation() != null
                && status.operation().state() == Operation.State.RUNNING;
    }

    boolean runs() {
        return status != null && status.postgres().state() == PostgresState.ServerState.RUNNING;
    }

    boolean isRole(InstanceRole role) {
        return status != null && status.role() == role;
    }

    /** The bare fact that PostgreSQL here is the running primary of this term. */
    public boolean isPrimaryOf(long term) {
        return status != null
                && isRole(InstanceRole.PRIMARY)
                && runs()
                && status.postgres().term() == term
                && status.promisedTerm() == term;
    }

    /** The bare fact that PostgreSQL here is a running standby that has promised this term. */
    public boolean isStandbyOf(long term) {
        return status != null && isRole(InstanceRole.STANDBY) && runs() && status.promisedTerm() == term;
    }

    /** Whether the server that runs here lets applications in. */
    public boolean acceptsClients() {
        return status != null
                && status.postgres().configuration() != null
                && status.postgres().configuration().acceptClients();
    }
}
