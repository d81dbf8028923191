package io.pgmosaic.operator.plan;

import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterSpec;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Everything a shard's plan depends on.
 *
 * @param spec the accepted one
 * @param instances every instance that is declared or still there, by ordinal
 * @param databaseReady whether database, roles, initial SQL and guard were found complete on this shard
 * @param oldPrimaryStopped whether somebody outside has proven, for the present term, that the old primary has stopped
 * @param mayRestart whether this shard may have an instance restarted now for a change that needs it; false while other
 *     shards have their turn
 * @param now when the facts were gathered, for the record; durations are in the instances' contacts
 * @param clones what it has to do with shards that begin with another one's data
 */
public record ShardFacts(
        ShardIdentity identity,
        ShardedClusterSpec spec,
        ShardRecord record,
        List<InstanceFacts> instances,
        boolean databaseReady,
        boolean oldPrimaryStopped,
        boolean mayRestart,
        Instant now,
        CloneFacts clones) {

    public ShardFacts {
        instances = List.copyOf(instances);
    }

    /** Of a shard that has nothing to do with clones. */
    public ShardFacts(
            ShardIdentity identity,
            ShardedClusterSpec spec,
            ShardRecord record,
            List<InstanceFacts> instances,
            boolean databaseReady,
            boolean oldPrimaryStopped,
            boolean mayRestart,
            Instant now) {
        this(identity, spec, record, instances, databaseReady, oldPrimaryStopped, mayRestart, now, CloneFacts.none());
    }

    /** The instances that the spec asks for. */
    List<InstanceFacts> declared() {
        return instances.stream()
                .filter(instance -> instance.ordinal() < spec.instancesPerShard())
                .toList();
    }

    Optional<InstanceFacts> instance(@Nullable String name) {
        return instances.stream()
                .filter(instance -> instance.name().equals(name))
                .findFirst();
    }

    /** All but the recorded primary. */
    List<InstanceFacts> others() {
        return instances.stream()
                .filter(instance -> !instance.name().equals(record.primary()))
                .toList();
    }

    /** Whether a step of a change of primary that began then takes longer than when nothing is in its way. */
    public boolean isOverdue(Instant begun) {
        return Duration.between(begun, now).compareTo(timings().patience()) > 0;
    }

    FailoverTimings timings() {
        return FailoverTimings.of(spec.failover());
    }

    /** Acknowledgements that the spec asks for. */
    int acknowledgements() {
        return spec.acknowledgements();
    }

    /** The same facts, with the shard's turn in a rolling change decided. */
    public ShardFacts withTurn(boolean itsTurn) {
        return new ShardFacts(
                identity, spec, record, instances, databaseReady, oldPrimaryStopped, itsTurn, now, clones);
    }

    /** The same facts with the database found complete. */
    public ShardFacts withDatabaseReady() {
        return new ShardFacts(identity, spec, record, instances, true, oldPrimaryStopped, mayRestart, now, clones);
    }

    /** The same facts, with what the shard has to do with clones. */
    public ShardFacts withClones(CloneFacts known) {
        return new ShardFacts(
                identity, spec, record, instances, databaseReady, oldPrimaryStopped, mayRestart, now, known);
    }
}
