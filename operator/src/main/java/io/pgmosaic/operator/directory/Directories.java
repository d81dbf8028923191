package io.pgmosaic.operator.directory;

import io.pgmosaic.api.v1alpha1.cluster.DirectorySpec;
import io.pgmosaic.api.v1alpha1.cluster.PlacementRule;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterSpec;
import io.pgmosaic.maps.ClusterMap;
import io.pgmosaic.maps.PlacedTable;
import io.pgmosaic.maps.RecordedMap;
import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.cluster.AcceptedSpecs;
import io.pgmosaic.operator.cluster.ShardLogins;
import io.pgmosaic.operator.observe.ClusterWatch;
import io.pgmosaic.operator.upkeep.PrimarySessions;
import io.pgmosaic.operator.upkeep.ShardRounds;
import io.pgmosaic.protocol.topology.DirectoryChange;
import io.pgmosaic.protocol.topology.DirectoryResult;
import org.jboss.logging.Logger;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Changes directories of the clusters, for whoever may, and ends what was left. Any replica changes; the one that leads ends. */
public final class Directories {
    private static final Logger LOG = Logger.getLogger(Directories.class);
    private static final int MOST_AT_ONCE = 16;

    private final ClusterWatch watch;
    private final AcceptedSpecs acceptedSpecs;
    private final ShardLogins logins;
    private final Semaphore places = new Semaphore(MOST_AT_ONCE);

    public Directories(ClusterWatch watch, AcceptedSpecs acceptedSpecs, ShardLogins logins) {
        this.watch = watch;
        this.acceptedSpecs = acceptedSpecs;
        this.logins = logins;
    }

    /**
     * Does not block. Fails with a {@link DirectoryRefusal} when nothing of it can be done.
     *
     * @param within it is answered; what is under way then goes on, and nothing more is begun
     */
    public CompletableFuture<DirectoryResult> change(ClusterKey key, DirectoryChange change, Duration within) {
        if (!places.tryAcquire()) {
            return CompletableFuture.failedFuture(
                    new DirectoryRefusal(503, "this operator changes " + MOST_AT_ONCE + " directories at this moment"));
        }
        ChangeProgress progress = new ChangeProgress(change.entries().size());
        return answer(progress, within, () -> {
            try {
                make(key, change, progress);
            } finally {
                places.release();
            }
        });
    }

    /** Makes a change. */
    interface Making {
        void make() throws DirectoryRefusal;
    }

    /** Has a change made on a thread of its own, and answers when that is over, or when the time is. */
    static CompletableFuture<DirectoryResult> answer(ChangeProgress progress, Duration within, Making making) {
        CompletableFuture<DirectoryResult> answer = new CompletableFuture<>();
        CompletableFuture<Void> time =
                new CompletableFuture<Void>().completeOnTimeout(null, within.toMillis(), TimeUnit.MILLISECONDS);
        var unused = time.thenRun(() -> answer.complete(progress.end()));
        Thread.startVirtualThread(() -> {
            try {
                making.make();
                answer.complete(progress.end());
            } catch (DirectoryRefusal | RuntimeException e) {
                answer.completeExceptionally(e);
            } finally {
                time.cancel(false);
            }
        });
        return answer;
    }

    private void make(ClusterKey key, DirectoryChange change, ChangeProgress progress) throws DirectoryRefusal {
        ShardedCluster cluster = watch.cluster(key).orElseThrow(() -> notYet(key));
        ShardedClusterSpec spec = acceptedSpecs.accepted(cluster).orElseThrow(() -> notYet(key));
        ClusterMap map = map(cluster, spec).orElseThrow(() -> notYet(key));
        PlacedTable table = map.tables().stream()
                .filter(placed -> isNamed(placed, change.table()))
                .findFirst()
                .orElseThrow(() -> new DirectoryRefusal(
                        404, "there is no table " + change.table() + " in the sharding rules of " + key));
        if (!table.map().hasDirectory()) {
            throw new DirectoryRefusal(
                    409,
                    "table " + change.table() + " has no directory; give its group one when it is created, or write"
                            + " the key among the overrides");
        }
        RequestedChange requested =
                new RequestedChange(new PrimarySessions(logins, cluster, spec), of(map, table.group()), patience(spec));
        requested.make(table, change, progress);
    }

    /** Has what was left on any shard of any cluster ended, while this replica leads. Does not wait for it. */
    public void finish(BooleanSupplier leads, ShardRounds rounds) {
        for (ShardedCluster cluster : watch.clusters()) {
            ClusterKey key = ClusterKey.of(cluster);
            try {
                Optional<ShardedClusterSpec> spec = acceptedSpecs.accepted(cluster);
                if (spec.isPresent() && leads.getAsBoolean()) {
                    finish(cluster, spec.get(), leads, rounds);
                }
            } catch (RuntimeException e) {
                LOG.warnf("the directories of %s cannot be looked at; it is tried again: %s", key, e);
            }
        }
    }

    private void finish(ShardedCluster cluster, ShardedClusterSpec spec, BooleanSupplier leads, ShardRounds rounds) {
        if (rules(spec).noneMatch(rule -> rule.directory() != null)) {
            return;
        }
        Optional<ClusterMap> map = map(cluster, spec);
        if (map.isEmpty()) {
            return;
        }
        Map<String, KeyTables> groups = new LinkedHashMap<>();
        map.get().tables().stream()
                .filter(placed -> placed.map().hasDirectory())
                .forEach(placed -> groups.computeIfAbsent(placed.group(), group -> of(map.get(), group)));
        LeftChanges left = new LeftChanges(new PrimarySessions(logins, cluster, spec), groups, patience(spec));
        for (String shard :
                RecordedMap.shards(Objects.requireNonNull(cluster.getStatus().map()))) {
            rounds.begin(new ShardRounds.Place(ClusterKey.of(cluster), shard), () -> {
                if (leads.getAsBoolean()) {
                    left.finish(shard);
                }
            });
        }
    }

    private static Optional<ClusterMap> map(ShardedCluster cluster, ShardedClusterSpec spec) {
        return cluster.getStatus() == null || cluster.getStatus().map() == null
                ? Optional.empty()
                : Optional.of(ClusterMap.compile(cluster.getStatus().map(), spec.sharding()));
    }

    private static KeyTables of(ClusterMap map, String group) {
        List<PlacedTable> tables = map.tables().stream()
                .filter(placed -> placed.group().equals(group))
                .toList();
        return new KeyTables(
                group,
                tables.getFirst().map(),
                tables,
                map.tables().stream()
                        .map(placed -> placed.table().qualifiedName())
                        .collect(Collectors.toSet()));
    }

    private static boolean isNamed(PlacedTable placed, String name) {
        return placed.table().qualifiedName().equals(name)
                || (placed.table().schema().equals("public")
                        && placed.table().name().equals(name));
    }

    /** The longest of all, which is the same one for most. */
    private static Duration patience(ShardedClusterSpec spec) {
        return rules(spec)
                .map(PlacementRule::directory)
                .filter(java.util.Objects::nonNull)
                .map(DirectorySpec::waitForTransactionsDuration)
                .max(Duration::compareTo)
                .orElse(Duration.ofSeconds(5));
    }

    private static Stream<PlacementRule> rules(ShardedClusterSpec spec) {
        return Stream.concat(Stream.of(spec.sharding()), spec.sharding().groups().stream());
    }

    private static DirectoryRefusal notYet(ClusterKey key) {
        return new DirectoryRefusal(503, "the cluster " + key + " is not ready yet");
    }
}
