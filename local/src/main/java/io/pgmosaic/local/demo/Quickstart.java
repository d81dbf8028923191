package io.pgmosaic.local.demo;

import io.fabric8.kubernetes.api.model.Pod;
import io.pgmosaic.local.cluster.Distribution;
import io.pgmosaic.local.cluster.LocalCluster;
import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** The cluster of {@code examples/quickstart.yaml} from nothing to all that the demonstration shows of it. */
public final class Quickstart implements AutoCloseable {
    private static final Duration READY_LIMIT = Duration.ofSeconds(150);
    private static final Duration ROUTER_LIMIT = Duration.ofSeconds(60);

    private final Distribution distribution;
    private final String folderName;
    private final Manifest manifest;
    private @Nullable LocalCluster local;
    private @Nullable RouterClient router;
    private @Nullable ApplicationAccess access;
    private boolean closed;
    private Duration timeToReady = Duration.ZERO;

    /** @param folderName of the local cluster's folder */
    public Quickstart(Distribution distribution, String folderName) {
        this.distribution = distribution;
        this.folderName = folderName;
        manifest = Manifest.read(distribution.example("quickstart.yaml"));
    }

    /** The steps to a cluster that an application can use. */
    public List<Step> setUp() {
        return List.of(
                new Step("Start a Kubernetes API and the operator", this::startOperator),
                new Step("Create cluster " + manifest.name() + " and wait until it is Ready", this::createCluster),
                new Step("Start a router as in an application's pod", this::startRouter));
    }

    /** Everything: {@link #setUp} and what an application sees. */
    public Scenario demonstration() {
        List<Step> steps = new ArrayList<>(setUp());
        steps.add(new Step(
                "Write " + WriteOrders.ROWS + " rows with " + WriteOrders.CLIENTS + " clients at once", this::write));
        steps.add(new Step("Look for every row on every shard", () -> new FindOrders(router(), access()).run()));
        steps.add(new Step("Read from a replica", () -> new ReadFromReplica(router(), access()).run()));
        steps.add(new Step("Write a row to the wrong shard", () -> new WriteToWrongShard(router(), access()).run()));
        steps.add(new Step(
                "Kill a standby",
                () -> new KillStandby(local(), manifest.namespace(), manifest.name(), router(), access()).run()));
        return new Scenario(steps);
    }

    /** The running cluster. */
    public LocalCluster local() {
        return Objects.requireNonNull(local, "not started");
    }

    /** The router of the application's pod. */
    public RouterClient router() {
        return Objects.requireNonNull(router, "not started");
    }

    /** The application's way into the databases. */
    public ApplicationAccess access() {
        return Objects.requireNonNull(access, "not started");
    }

    /** What was asked for. */
    public Manifest manifest() {
        return manifest;
    }

    /** From the manifest's creation until the operator said Ready. */
    public Duration timeToReady() {
        return timeToReady;
    }

    /** The cluster as the operator sees it now. */
    public ClusterState state() throws StepFailed {
        return ClusterState.read(local().client(), manifest.namespace(), manifest.name())
                .orElseThrow(() -> new StepFailed("cluster " + manifest.name() + " is gone"));
    }

    /** Where the logs are, once something was started. */
    public Optional<Path> logs() {
        return Optional.ofNullable(local).map(LocalCluster::logs);
    }

    /** Removes everything that was written. To be called when it is closed. */
    public synchronized void deleteFolder() {
        if (local != null) {
            local.deleteFolder();
        }
    }

    /** Removes everything that was written except the logs. To be called when it is closed. */
    public synchronized void deleteAllButLogs() {
        if (local != null) {
            local.deleteAllButLogs();
        }
    }

    private String startOperator() throws StepFailed, InterruptedException {
        LocalCluster started = LocalCluster.start(distribution, folderName);
        local = started;
        Eventually.get(
                "ready, the operator",
                READY_LIMIT,
                () -> "see " + started.logs(),
                () -> started.isOperatorReady() ? Optional.of(true) : Optional.empty());
        return started.apiDescription() + ", operator ready";
    }

    private String createCluster() throws StepFailed, InterruptedException {
        long began = System.nanoTime();
        local().client().resource(manifest.cluster()).create();
        ClusterState ready = Eventually.get(
                "Ready",
                READY_LIMIT,
                () -> ClusterState.read(local().client(), manifest.namespace(), manifest.name())
                        .map(ClusterState::summary)
                        .orElse("gone"),
                () -> ClusterState.read(local().client(), manifest.namespace(), manifest.name())
                        .filter(ClusterState::isReady));
        timeToReady = Duration.ofNanos(System.nanoTime() - began);
        return ready.shards().size() + " shards with "
                + ready.shards().stream()
                        .mapToInt(shard -> shard.instances().size())
                        .sum()
                + " instances of PostgreSQL " + manifest.version()
                + (manifest.version() == manifest.asked()
                        ? ""
                        : " (the manifest asks for " + manifest.asked() + ", which is not installed)");
    }

    private String startRouter() throws StepFailed, InterruptedException {
        LocalCluster cluster = local();
        Pod pod = cluster.startRouter(manifest.namespace(), manifest.name());
        URI base = Eventually.get(
                "ready, the router", ROUTER_LIMIT, () -> "see " + cluster.logs(), () -> cluster.routerAddress(pod));
        router = new RouterClient(base);
        access = ApplicationAccess.read(cluster.client(), manifest.namespace(), manifest.name(), cluster.folder());
        return "it listens on " + base;
    }

    private String write() throws StepFailed, InterruptedException {
        Map<String, Integer> rows = new TreeMap<>(new WriteOrders(router(), access()).run());
        int sum = rows.values().stream().mapToInt(Integer::intValue).sum();
        if (sum != WriteOrders.ROWS) {
            throw new StepFailed("wrote " + sum + " rows instead of " + WriteOrders.ROWS);
        }
        return "each after asking the router; " + rows;
    }

    /** Ends the cluster; its folder, with the logs, stays. */
    @Override
    public synchronized void close() {
        if (local != null && !closed) {
            closed = true;
            local.close();
        }
    }
}
