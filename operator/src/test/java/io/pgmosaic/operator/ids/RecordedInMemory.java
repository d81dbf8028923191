package io.pgmosaic.operator.ids;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pgmosaic.operator.ClusterKey;
import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** A record of one cluster with optimistic locking, for any number of replicas. */
public final class RecordedInMemory implements MachineNumberStore {
    private final Map<String, String> data = new HashMap<>();
    private int version;
    private int writes;
    private @Nullable RuntimeException failure;

    /** A replica of the operator over this record, which waits for next to nobody. */
    public MachineLeases replica(Clock clock) {
        return new MachineLeases(
                this, new MachineLeaseMetrics(new SimpleMeterRegistry()), Duration.ofMillis(20), clock);
    }

    /** From now on every request ends so; null for none. */
    public synchronized void fail(@Nullable RuntimeException with) {
        failure = with;
    }

    /** How often it was changed. */
    synchronized int writes() {
        return writes;
    }

    @Override
    public synchronized Recorded read(ClusterKey cluster) {
        answer();
        return new Recorded(version == 0 ? null : Integer.toString(version), data);
    }

    @Override
    public synchronized boolean write(ClusterKey cluster, @Nullable String read, Map<String, String> changes) {
        answer();
        if (!Objects.equals(read, version == 0 ? null : Integer.toString(version))) {
            return false;
        }
        data.putAll(changes);
        version++;
        writes++;
        return true;
    }

    private void answer() {
        if (failure != null) {
            throw failure;
        }
    }
}
