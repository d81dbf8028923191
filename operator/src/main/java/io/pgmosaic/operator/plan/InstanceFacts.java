package io.pgmosaic.operator.plan;

import io.pgmosaic.protocol.instance.DataDirectory;
import io.pgmosaic.protocol.instance.InstanceRole;
import io.pgmosaic.protocol.instance.InstanceStatus;
import io.pgmosaic.protocol.instance.Operation;
import io.pgmosaic.protocol.instance.PostgresState;
import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * One instance as it was last seen.
 *
 * @param name of its pod
 * @param ordinal the pod's number in the StatefulSet
 * @param pod what Kubernetes says of its pod
 * @param volumePredatesCluster whether its volume claim is older than the ShardedCluster object
 * @param status null when the manager has not answered recently
 * @param contact how well it can be reached
 * @param refusal why it refused the last command that it was sent; null when it did not
 */
public record InstanceFacts(
        String name,
        int ordinal,
        PodFacts pod,
        boolean volumePredatesCluster,
        @Nullable InstanceStatus status,
        Contact contact,
        @Nullable String refusal) {

    /**
     * A pod.
     *
     * @param address its IP; null while there is no pod or it has none
     * @param problem why it cannot run, for a person; null when nothing is wrong
     * @param ended whether Kubernetes says that the pod is not there or its container does not run
     * @param leaving why it is about to go, such as a drain of its node; null when it is not
     * @param outdated whether it was made from another template than the StatefulSet has now
     */
    public record PodFacts(
            @Nullable String address,
            @Nullable String problem,
            boolean ended,
            @Nullable String leaving,
            boolean outdated) {}

    /**
     * How long things have been as they are, by the operator's monotonic clock. Durations begin anew in a new operator.
     *
     * @param silence why the last attempt brought no status; null when it did
     * @param silentFor how long it has not answered; null while it does
     * @param refused whether the last attempt found nobody listening
     * @param notRunningFor how long the manager has said that PostgreSQL does not run; null when it runs
     * @param promisedFor how long the promise that it reports has been known; null when none was reported
     * @param lastWritten the last log end that it reported while it was a primary; null when it never was
     * @param notStreamingFor as a standby: how long the primary has not listed it as streaming; null while it does
     */
    public record Contact(
            @Nullable String silence,
            @Nullable Duration silentFor,
            boolean refused,
            @Nullable Duration notRunningFor,
            @Nullable Duration promisedFor,
            io.pgmosaic.protocol.instance.@Nullable LogPosition lastWritten,
            @Nullable Duration notStreamingFor) {}

    @Nullable
    String address() {
        return pod.address();
    }

    /** Answers now, not only recently. */
    boolean answers() {
        return status != null && contact.silentFor() == null;
    }

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
        return status != null && status.postgres().open();
    }
}
