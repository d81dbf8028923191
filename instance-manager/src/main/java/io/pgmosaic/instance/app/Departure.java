package io.pgmosaic.instance.app;

import io.pgmosaic.instance.command.Instance;
import io.pgmosaic.instance.log.LogLines;
import io.pgmosaic.protocol.instance.InstanceRole;
import io.pgmosaic.protocol.instance.InstanceStatus;
import io.pgmosaic.protocol.instance.Operation;
import io.pgmosaic.protocol.instance.PostgresState.ServerState;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * A primary whose pod is to go, as in a drain of its node, serves on until the operator, which sees the pod leave, has had
 * it hand over. It does not wait while there is nobody who could take over.
 */
final class Departure {
    /** How often it looks whether standbys are still there; a handover is seen at once. */
    private static final Duration LOOK = Duration.ofMillis(250);

    private Departure() {}

    /** Returns when the instance is no open primary with standbys any more and has done what it was told, at the latest after {@code patience}. */
    static void awaitSuccessor(Instance instance, LogLines lines, Duration patience) {
        long begun = System.nanoTime();
        InstanceStatus status = instance.status();
        if (!canBeSucceeded(status)) {
            return;
        }
        // Not by a logger: Java takes their handlers away as soon as the process is told to end.
        lines.write(
                Instant.now(),
                "INFO",
                Departure.class.getName(),
                "told to end; as a primary with standbys this serves on for at most " + patience.toSeconds()
                        + " s, until another is appointed",
                Map.of());
        while ((canBeSucceeded(status) || isHandingOver(status)) && System.nanoTime() - begun < patience.toNanos()) {
            instance.changeAfter(status.bootId() + ":" + status.changes(), LOOK).join();
            status = instance.status();
        }
    }

    /** The operator waits for the end of the log that it tells. */
    private static boolean isHandingOver(InstanceStatus status) {
        return status.operation() != null && status.operation().state() == Operation.State.RUNNING;
    }

    private static boolean canBeSucceeded(InstanceStatus status) {
        return status.role() == InstanceRole.PRIMARY
                && status.postgres().state() == ServerState.RUNNING
                && status.postgres().open()
                && status.postgres().replicas().stream()
                        .anyMatch(replica -> replica.state().equals("streaming"));
    }
}
