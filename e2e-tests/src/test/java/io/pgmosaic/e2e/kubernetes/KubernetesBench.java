package io.pgmosaic.e2e.kubernetes;

import io.fabric8.kubernetes.api.model.Pod;
import io.pgmosaic.checker.Report;
import io.pgmosaic.testing.Figure;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * How long a shard takes no writes when its primary is lost on a real Kubernetes, as an application sees it through the router
 * beside it; how long an installation takes; and how much memory the product's own processes hold.
 */
public final class KubernetesBench {
    private static final int ROUNDS = Integer.parseInt(System.getenv().getOrDefault("BENCH_ROUNDS", "10"));
    private static final String SHARD = "s0";
    /** Gaps that are shorter than this are not in reports. */
    private static final double SHORTEST_SECONDS = 0.3;

    private final Installation installation;
    private final Node node;
    private final ShopCluster cluster;
    private final Path file;

    private KubernetesBench(Installation installation, Path file) {
        this.installation = installation;
        this.node = installation
                .cluster()
                .node()
                .orElseThrow(() -> new IllegalStateException(
                        "no power over the node of " + installation.cluster().description()));
        this.cluster = new ShopCluster(installation, "bench");
        this.file = file;
    }

    /** Measures everything; figures are appended to the file that is the only argument. */
    public static void main(String[] arguments) throws IOException {
        try (Installation installation = Installation.prepare()) {
            KubernetesBench bench = new KubernetesBench(installation, Path.of(arguments[0]));
            bench.installation();
            bench.memory();
            for (Blow blow : Blow.values()) {
                bench.blows(blow);
            }
        }
    }

    private void figure(String name, double value, String unit, String how) throws IOException {
        new Figure(name, value, unit, how).appendTo(file);
    }

    private void installation() throws IOException {
        long began = System.nanoTime();
        installation.helm("install");
        cluster.apply();
        cluster.awaitReady();
        figure(
                "k8s.install-to-ready.s",
                (System.nanoTime() - began) / 1e9,
                "s",
                "from helm install to a Ready cluster of 2 shards of 3 instances; images are on the node");
    }

    private void memory() throws IOException {
        try (ApplicationPod application = ApplicationPod.start(installation, cluster)) {
            String how = "VmRSS of the container's Java process while an application writes to 2 shards of 3 instances";
            figure(
                    "rss.operator.mib",
                    resident(Installation.OPERATORS, installation.leader(), "operator"),
                    "MiB",
                    how + "; the replica that leads");
            figure("rss.router.mib", resident(Installation.SHOP, application.name(), "pgmosaic-router"), "MiB", how);
            figure(
                    "rss.manager.mib",
                    resident(
                            Installation.SHOP,
                            cluster.primary(SHARD).getMetadata().getName(),
                            "postgres"),
                    "MiB",
                    how + "; beside a primary");
            check(application.stop());
        }
    }

    /** Of the only Java process in a container. */
    private double resident(String namespace, String pod, String container) {
        return installation
                .kubectl(
                        "exec",
                        "-n",
                        namespace,
                        pod,
                        "-c",
                        container,
                        "--",
                        "sh",
                        "-c",
                        "for p in /proc/[0-9]*; do if [ \"$(cat $p/comm)\" = java ]; then cat $p/status; fi; done")
                .lines()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024)
                .findFirst()
                .orElseThrow(() -> new AssertionError(container + " of " + pod + " tells no memory"));
    }

    private record Window(long from, long to) {
        boolean overlaps(Report.Gap gap) {
            return gap.from() <= to && gap.to() >= from;
        }
    }

    private void blows(Blow blow) throws IOException {
        List<Window> windows = new ArrayList<>();
        Report report;
        try (ApplicationPod application = ApplicationPod.start(installation, cluster)) {
            for (int round = 1; round <= ROUNDS; round++) {
                Pod primary = cluster.primary(SHARD);
                String old = primary.getMetadata().getName();
                long from = System.currentTimeMillis();
                try {
                    blow.strike(installation, node, primary);
                    cluster.awaitTrouble(SHARD, old);
                    cluster.awaitCondition("Available", "True", "AllShardsTakeWrites");
                } finally {
                    node.mend();
                }
                cluster.awaitReadyFor(ShopCluster.SETTLED);
                application.awaitMoreWrites();
                windows.add(new Window(from, System.currentTimeMillis()));
                System.out.printf(
                        "%s, round %d: %s, then %s%n",
                        blow.figure(),
                        round,
                        old,
                        cluster.primary(SHARD).getMetadata().getName());
            }
            report = application.stop();
            check(report);
        }
        List<Double> gaps = windows.stream()
                .map(window -> report.gaps().stream()
                        .filter(gap -> gap.shard().equals(SHARD) && window.overlaps(gap))
                        .mapToDouble(Report.Gap::seconds)
                        .max()
                        .orElse(SHORTEST_SECONDS))
                .toList();
        List<Double> sorted = new ArrayList<>(gaps);
        Collections.sort(sorted);
        String how = "write gap of a shard of 3, SemiSync, seen by an application's pod; " + ROUNDS + " rounds: "
                + gaps.stream()
                        .map(gap -> String.format(Locale.ROOT, "%.2f", gap))
                        .collect(Collectors.joining(", "));
        figure("k8s." + blow.figure() + ".p50.s", rank(sorted, 0.5), "s", how);
        figure("k8s." + blow.figure() + ".p99.s", rank(sorted, 0.99), "s", how);
    }

    /** Nearest rank. */
    private static double rank(List<Double> sorted, double share) {
        return sorted.get((int) Math.max(0, Math.ceil(share * sorted.size()) - 1));
    }

    private static void check(Report report) {
        if (!report.violations().isEmpty()) {
            throw new AssertionError(report.violations());
        }
    }
}
