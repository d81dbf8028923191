package io.pgmosaic.operator.migration.drift;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pgmosaic.api.v1alpha1.cluster.SchemaDriftSpec;
import io.pgmosaic.api.v1alpha1.cluster.SchemaDriftState;
import io.pgmosaic.api.v1alpha1.cluster.ShardState;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterSpec;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterStatus;
import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.cluster.AcceptedSpecs;
import io.pgmosaic.operator.cluster.ShardLogins;
import io.pgmosaic.operator.observe.ClusterWatch;
import io.pgmosaic.operator.split.record.ClusterRecords;
import io.pgmosaic.operator.split.record.OvertakenException;
import io.pgmosaic.operator.upkeep.PrimarySessions;
import io.pgmosaic.operator.upkeep.ShardRounds;
import io.pgmosaic.operator.upkeep.ShardSessions;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Compares the schemas of each cluster's shards now and then, and on request, and writes into the cluster's status what differs. Not
 * while a migration or a split is under way, nor by what was seen beside one.
 */
public final class DriftCheck {
    private static final Logger LOG = Logger.getLogger(DriftCheck.class);

    /** A cluster's status is read by many, and the first few say what to do. */
    private static final int MOST_TOLD = 20;

    private static final int LONGEST_TOLD = 500;

    private final ClusterWatch watch;
    private final AcceptedSpecs acceptedSpecs;
    private final ShardLogins logins;
    private final ClusterRecords records;
    private final Clock clock;

    public DriftCheck(
            ClusterWatch watch, AcceptedSpecs acceptedSpecs, ShardLogins logins, ClusterRecords records, Clock clock) {
        this.watch = watch;
        this.acceptedSpecs = acceptedSpecs;
        this.logins = logins;
        this.records = records;
        this.clock = clock;
    }

    /** Begins to look at each cluster for which that is due. Does not wait for it. */
    public void begin(BooleanSupplier leads, ShardRounds rounds) {
        for (ShardedCluster cluster : watch.clusters()) {
            try {
                Optional<ShardedClusterSpec> spec = acceptedSpecs.accepted(cluster);
                boolean isDue = spec.isPresent()
                        && leads.getAsBoolean()
                        && DriftSchedule.isDue(
                                cluster.getStatus().schemaDrift(),
                                spec.get().schemaDrift(),
                                requested(cluster),
                                clock.instant());
                if (isDue) {
                    // All of its shards in one look: nothing is known of one alone.
                    rounds.begin(
                            new ShardRounds.Place(ClusterKey.of(cluster), "*"), () -> look(cluster, spec.get(), leads));
                }
            } catch (RuntimeException e) {
                LOG.warnf("the schemas of %s cannot be compared; it is tried again: %s", ClusterKey.of(cluster), e);
            }
        }
    }

    private static @Nullable String requested(ShardedCluster cluster) {
        Map<String, String> annotations = cluster.getMetadata().getAnnotations();
        return annotations == null ? null : annotations.get(SchemaDriftSpec.ANNOTATION);
    }

    private void look(ShardedCluster cluster, ShardedClusterSpec spec, BooleanSupplier leads) throws SQLException {
        ShardedClusterStatus seen = cluster.getStatus();
        Optional<String> obstacle = DriftSchedule.obstacle(seen);
        if (obstacle.isPresent()) {
            waits(cluster, obstacle.get());
            return;
        }
        List<SchemaDifference> differences;
        try {
            differences = differences(seen, new PrimarySessions(logins, cluster, spec));
        } catch (SQLException e) {
            waits(cluster, "a shard cannot be looked at: " + e.getMessage());
            throw e;
        }
        if (leads.getAsBoolean()) {
            store(cluster, after(requested(cluster), differences, clock.instant()));
        }
    }

    private static List<SchemaDifference> differences(ShardedClusterStatus status, ShardSessions sessions)
            throws SQLException {
        Map<String, ShardSchema> schemas = new HashMap<>();
        for (ShardState shard : status.shards()) {
            if (!shard.retired()) {
                try (Connection session = sessions.superuser(shard.name())) {
                    schemas.put(shard.name(), ShardSchema.read(session));
                }
            }
        }
        return SchemaDrift.between(schemas);
    }

    static SchemaDriftState after(@Nullable String requested, List<SchemaDifference> differences, Instant now) {
        return new SchemaDriftState(
                now.truncatedTo(ChronoUnit.SECONDS).toString(),
                requested,
                null,
                differences.size(),
                differences.stream()
                        .limit(MOST_TOLD)
                        .map(SchemaDifference::toString)
                        .map(text -> text.length() <= LONGEST_TOLD ? text : text.substring(0, LONGEST_TOLD) + "...")
                        .toList());
    }

    private void waits(ShardedCluster cluster, String what) {
        SchemaDriftState state =
                Objects.requireNonNullElseGet(cluster.getStatus().schemaDrift(), SchemaDriftState::never);
        if (!what.equals(state.waitingFor())) {
            change(
                    cluster,
                    status -> status.with(Objects.requireNonNullElseGet(status.schemaDrift(), SchemaDriftState::never)
                            .waitingFor(what)));
        }
    }

    /** What was seen while something began to change the shards says nothing. */
    private void store(ShardedCluster cluster, SchemaDriftState state) {
        change(cluster, status -> {
            boolean isQuiet = DriftSchedule.obstacle(status).isEmpty()
                    && Objects.equals(
                            status.schemaChanges(), cluster.getStatus().schemaChanges())
                    && Objects.equals(status.map(), cluster.getStatus().map());
            if (!isQuiet) {
                throw new OvertakenException("the shards were changed meanwhile");
            }
            return status.with(state);
        });
    }

    private void change(ShardedCluster cluster, ClusterRecords.Change change) {
        try {
            records.change(ClusterKey.of(cluster), cluster.getMetadata().getUid(), change);
        } catch (OvertakenException | KubernetesClientException e) {
            LOG.debugf("the comparison of %s is made again: %s", ClusterKey.of(cluster), e.getMessage());
        }
    }
}
