package io.pgmosaic.operator.plan;

import io.pgmosaic.protocol.instance.DataDirectory;
import io.pgmosaic.protocol.instance.InstanceIdentity;
import io.pgmosaic.protocol.instance.InstanceStatus;
import io.pgmosaic.protocol.instance.Operation;
import org.jspecify.annotations.Nullable;

import java.util.Optional;

/** Says what keeps an instance from taking part, if anything does. */
final class Diagnosis {
    private Diagnosis() {}

    /** A reason for which no command may be sent to this instance; empty when there is none. */
    static Optional<Finding> obstacle(InstanceFacts instance, @Nullable String systemIdentifier) {
        if (instance.pod().problem() != null) {
            return finding(Reason.POD_FAILED, instance, instance.pod().problem());
        }
        if (instance.address() == null) {
            return finding(Reason.WAITING_FOR_PODS, instance, "its pod is not running yet");
        }
        InstanceStatus status = instance.status();
        if (status == null) {
            return finding(
                    Reason.WAITING_FOR_INSTANCES,
                    instance,
                    "its manager does not answer"
                            + (instance.contact().silence() == null
                                    ? ""
                                    : ": " + instance.contact().silence()));
        }
        return volumeObstacle(instance, status, systemIdentifier);
    }

    /** What is wrong with its volume, as far as its status says; empty when nothing, or when it has no status. */
    static Optional<Finding> obstacleOfVolume(InstanceFacts instance, @Nullable String systemIdentifier) {
        return instance.status() == null
                ? Optional.empty()
                : volumeObstacle(instance, instance.status(), systemIdentifier);
    }

    private static Optional<Finding> volumeObstacle(
            InstanceFacts instance, InstanceStatus status, @Nullable String systemIdentifier) {
        DataDirectory data = status.data();
        InstanceIdentity stored = data.storedIdentity();
        if (stored != null
                && !(stored.sameShard(status.identity())
                        && stored.instance().equals(status.identity().instance()))) {
            return finding(
                    Reason.FOREIGN_VOLUME,
                    instance,
                    "its volume belongs to instance " + stored.instance() + " of shard " + stored.shard()
                            + " in cluster " + stored.namespace() + "/" + stored.cluster()
                            + "; attach the volume that belongs here, or delete this claim to have the instance cloned");
        }
        return switch (data.state()) {
            case EMPTY, INCOMPLETE -> Optional.empty();
            case PRESENT ->
                systemIdentifier == null || systemIdentifier.equals(data.systemIdentifier())
                        ? Optional.empty()
                        : finding(
                                Reason.FOREIGN_VOLUME,
                                instance,
                                "its volume holds PostgreSQL system " + data.systemIdentifier()
                                        + ", the shard is system "
                                        + systemIdentifier
                                        + "; nothing was changed on it. Delete its claim to have the instance cloned");
            case INCOMPATIBLE ->
                finding(
                        Reason.INCOMPATIBLE_VOLUME,
                        instance,
                        "its volume was written by PostgreSQL " + data.majorVersion() + ", the image holds PostgreSQL "
                                + status.imageMajorVersion()
                                + "; start it with the image of the version that wrote it");
            case UNKNOWN, UNREADABLE ->
                finding(Reason.UNUSABLE_VOLUME, instance, "its volume cannot be used: " + data.message());
        };
    }

    /** What the instance refused, or what failed on it, when it was last told something; empty when nothing. */
    static Optional<Finding> failure(InstanceFacts instance) {
        if (instance.refusal() != null) {
            return finding(
                    Reason.COMMAND_REFUSED,
                    instance,
                    instance.refusal() + "; nothing was changed, and it is asked again");
        }
        if (instance.status() == null || instance.status().operation() == null) {
            return Optional.empty();
        }
        Operation operation = instance.status().operation();
        return operation.state() == Operation.State.FAILED
                ? finding(
                        Reason.OPERATION_FAILED,
                        instance,
                        operation.command() + " failed: " + operation.error() + "; it is tried again")
                : Optional.empty();
    }

    private static Optional<Finding> finding(Reason reason, InstanceFacts instance, String message) {
        return Optional.of(new Finding(reason, instance.name(), instance.name() + ": " + message));
    }
}
