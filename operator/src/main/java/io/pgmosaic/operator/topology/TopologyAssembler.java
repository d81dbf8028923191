package io.pgmosaic.operator.topology;

import io.pgmosaic.api.v1alpha1.cluster.ShardMapState;
import io.pgmosaic.api.v1alpha1.cluster.ShardState;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterSpec;
import io.pgmosaic.maps.RecordedMap;
import io.pgmosaic.protocol.Lsn;
import io.pgmosaic.protocol.instance.InstanceRole;
import io.pgmosaic.protocol.instance.InstanceStatus;
import io.pgmosaic.protocol.instance.LogPosition;
import io.pgmosaic.protocol.instance.PostgresState;
import io.pgmosaic.protocol.topology.ClusterTopology;
import io.pgmosaic.protocol.topology.Replica;
import io.pgmosaic.protocol.topology.Server;
import io.pgmosaic.protocol.topology.ShardTopology;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Builds what routers are told. Pure: facts in, topology out. */
final class TopologyAssembler {
    /**
     * An instance as the topology needs it.
     *
     * @param host the name or address that clients connect to
     * @param status the last that was seen; null when nothing was
     * @param answers whether the last attempt to see it succeeded
     * @param age how long ago it was seen; zero when never
     * @param zone of its node; null when unknown
     */
    record Instance(
            String name,
            String host,
            @Nullable InstanceStatus status,
            boolean answers,
            Duration age,
            @Nullable String zone) {}

    private static final int POSTGRES_PORT = 5432;
    /** Three answers that are due and did not come: what was told before says nothing of the lag now. */
    private static final Duration OUTDATED = Duration.ofSeconds(3);

    private TopologyAssembler() {}

    /**
     * Empty while the cluster has no map yet.
     *
     * @param spec the accepted one
     * @param instances by shard
     */
    static Optional<ClusterTopology> assemble(
            ShardedCluster cluster, ShardedClusterSpec spec, InstancesOfShard instances, Instant now) {
        ShardMapState map =
                cluster.getStatus() == null ? null : cluster.getStatus().map();
        if (map == null) {
            return Optional.empty();
        }
        // What a split fills has copies of rows, and whoever asks all shards would find them twice.
        Set<String> owners = Set.copyOf(RecordedMap.shards(map));
        List<ShardTopology> shards = cluster.getStatus().shards().stream()
                .filter(shard -> owners.contains(shard.name()))
                .map(shard -> shard(shard, instances.of(shard.name())))
                .toList();
        return Optional.of(new ClusterTopology(
                cluster.getMetadata().getNamespace(),
                cluster.getMetadata().getName(),
                cluster.getMetadata().getUid(),
                spec.database(),
                RecordedMap.recipe(map),
                WireForms.tables(map, spec.sharding()),
                spec.sharding().referenceTables().stream()
                        .map(table -> table.schema() + "." + table.name())
                        .toList(),
                Policies.of(spec.routing()),
                shards,
                now,
                WireForms.schema(cluster.getStatus().schemaChanges())));
    }

    interface InstancesOfShard {
        List<Instance> of(String shard);
    }

    static ShardTopology shard(ShardState recorded, List<Instance> instances) {
        Instance primary = instances.stream()
                .filter(instance -> instance.name().equals(recorded.primary()))
                .findFirst()
                .orElse(null);
        String obstacle = primaryObstacle(recorded, primary);
        List<Replica> replicas = new ArrayList<>();
        for (Instance instance : instances) {
            if (!instance.name().equals(recorded.primary())) {
                replica(instance, recorded).ifPresent(replicas::add);
            }
        }
        return new ShardTopology(
                recorded.name(),
                recorded.term(),
                obstacle == null && primary != null ? server(primary) : null,
                replicas,
                obstacle,
                written(recorded, primary),
                WireForms.size(recorded.size()));
    }

    /** Of an older moment it is true as well, since a log only grows. */
    private static @Nullable LogPosition written(ShardState recorded, @Nullable Instance primary) {
        if (primary == null || primary.status() == null) {
            return null;
        }
        PostgresState postgres = primary.status().postgres();
        Lsn written = postgres.writtenLsn();
        boolean ofThisTerm = primary.status().role() == InstanceRole.PRIMARY && postgres.term() == recorded.term();
        return ofThisTerm && written != null ? new LogPosition(postgres.timeline(), written) : null;
    }

    /**
     * Why writes cannot go to the recorded primary. One that merely does not answer this operator stays in the topology:
     * it may well answer its clients.
     */
    private static @Nullable String primaryObstacle(ShardState recorded, @Nullable Instance primary) {
        if (recorded.primary() == null) {
            return "the shard is being created";
        }
        if (recorded.election() != null) {
            return "the shard is getting another primary in term " + recorded.term() + ": "
                    + recorded.election().message();
        }
        if (primary == null) {
            return "the pod of the primary " + recorded.primary() + " is gone";
        }
        InstanceStatus status = primary.status();
        if (status == null) {
            return "the primary " + recorded.primary() + " has not been seen yet";
        }
        PostgresState postgres = status.postgres();
        if (postgres.state() != PostgresState.ServerState.RUNNING) {
            return "PostgreSQL of the primary " + recorded.primary() + " is not running";
        }
        if (status.role() != InstanceRole.PRIMARY || postgres.term() != recorded.term()) {
            return recorded.primary() + " is not the primary of term " + recorded.term() + " yet";
        }
        if (!postgres.open()) {
            return "the primary " + recorded.primary() + " is not open to applications yet";
        }
        return null;
    }

    /** A standby that takes connections and follows this term's primary; its lag is unknown when it does not answer. */
    private static Optional<Replica> replica(Instance instance, ShardState recorded) {
        InstanceStatus status = instance.status();
        if (status == null || !instance.answers()) {
            return Optional.empty();
        }
        PostgresState postgres = status.postgres();
        boolean serves = status.role() == InstanceRole.STANDBY
                && postgres.state() == PostgresState.ServerState.RUNNING
                && postgres.configuration() != null
                && postgres.configuration().acceptClients()
                && status.promisedTerm() == recorded.term();
        if (!serves) {
            return Optional.empty();
        }
        boolean streams = postgres.receiver() != null && postgres.receiver().streaming();
        boolean current = instance.age().compareTo(OUTDATED) <= 0;
        Lsn replayed = postgres.replayedLsn();
        return Optional.of(new Replica(
                server(instance),
                streams && current ? postgres.replayLagMillis() : null,
                replayed == null || postgres.timeline() == 0 ? null : new LogPosition(postgres.timeline(), replayed),
                instance.age().toMillis()));
    }

    private static Server server(Instance instance) {
        return new Server(instance.name(), instance.host(), POSTGRES_PORT, instance.zone());
    }
}
