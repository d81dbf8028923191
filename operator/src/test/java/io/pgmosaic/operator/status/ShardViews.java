package io.pgmosaic.operator.status;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.operator.database.DatabaseReport;
import io.pgmosaic.operator.instance.InstanceStatuses;
import io.pgmosaic.operator.plan.Finding;
import io.pgmosaic.operator.plan.InstanceFacts;
import io.pgmosaic.operator.plan.Reason;
import io.pgmosaic.operator.plan.ShardFacts;
import io.pgmosaic.operator.plan.ShardIdentity;
import io.pgmosaic.operator.plan.ShardPlan;
import io.pgmosaic.operator.plan.ShardRecord;
import io.pgmosaic.operator.plan.SynchronousSet;
import io.pgmosaic.protocol.instance.InstanceIdentity;
import io.pgmosaic.protocol.instance.InstanceStatus;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/** Views of shards of the cluster orders, to vary in tests of what is made of them. */
public final class ShardViews {
    public static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private ShardViews() {}

    /** Of the primary {@code orders-<shard>-0} in term {@link InstanceStatuses#TERM}; a commit waits for nobody. */
    public static ShardRecord record(String shard) {
        return new ShardRecord(
                shard,
                InstanceStatuses.TERM,
                name(shard, 0),
                name(shard, 0),
                "7300000000000000001",
                new ShardRecord.Configuration(1, "f", SynchronousSet.none(), List.of(), List.of(), true),
                null,
                null,
                null);
    }

    /** A shard as it was found, of which a plan says this. */
    public static ShardView of(
            ShardRecord record,
            List<InstanceFacts> instances,
            Reason reason,
            boolean reachable,
            @Nullable DatabaseReport database) {
        ShardFacts facts = new ShardFacts(
                new ShardIdentity("shop", "orders", "uid-1", record.shard()),
                Serialization.unmarshal("spec: {postgres: {version: 17}}", ShardedCluster.class)
                        .getSpec(),
                record,
                instances,
                true,
                false,
                true,
                NOON);
        return new ShardView(
                facts,
                new ShardPlan(
                        record,
                        List.of(),
                        null,
                        instances.size(),
                        reachable,
                        List.of(new Finding(reason, record.shard(), "in a test"))),
                database);
    }

    /** Instances that answer: the open primary, and standbys that are 12 ms behind. */
    public static List<InstanceFacts> instances(String shard, int standbys) {
        return IntStream.rangeClosed(0, standbys)
                .mapToObj(ordinal -> instance(
                        shard,
                        ordinal,
                        ordinal == 0
                                ? InstanceStatuses.running(identity(shard, 0))
                                : InstanceStatuses.standby(identity(shard, ordinal), name(shard, 0), true)))
                .toList();
    }

    /** @param status null for one that does not answer */
    public static InstanceFacts instance(String shard, int ordinal, @Nullable InstanceStatus status) {
        return new InstanceFacts(
                name(shard, ordinal),
                ordinal,
                new InstanceFacts.PodFacts("10.0.0." + ordinal, null, false, null, false),
                false,
                status,
                new InstanceFacts.Contact(null, null, false, null, null, null, null),
                null);
    }

    private static InstanceIdentity identity(String shard, int ordinal) {
        return new InstanceIdentity("shop", "orders", "uid-1", shard, name(shard, ordinal));
    }

    private static String name(String shard, int ordinal) {
        return "orders-" + shard + '-' + ordinal;
    }
}
