package io.pgmosaic.local.demo;

import io.pgmosaic.api.v1alpha1.cluster.InstanceState;
import io.pgmosaic.local.cluster.LocalCluster;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Kills every process of a standby's pod at once, writes meanwhile, and waits until the standby streams again. */
final class KillStandby {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final String CONTAINER = "postgres";

    private final LocalCluster local;
    private final String namespace;
    private final String cluster;
    private final RouterClient router;
    private final ApplicationAccess access;

    KillStandby(LocalCluster local, String namespace, String cluster, RouterClient router, ApplicationAccess access) {
        this.local = local;
        this.namespace = namespace;
        this.cluster = cluster;
        this.router = router;
        this.access = access;
    }

    String run() throws StepFailed, InterruptedException {
        RouterClient.Target primary = router.primaries().getFirst();
        ClusterState state = ClusterState.read(local.client(), namespace, cluster)
                .orElseThrow(() -> new StepFailed("cluster " + cluster + " is gone"));
        InstanceState standby = state.instances(primary.shard(), "Standby").stream()
                .findFirst()
                .orElseThrow(() -> new StepFailed("shard " + primary.shard() + " has no standby"));
        long pid = local.pods().process(namespace, standby.name(), CONTAINER).pid();
        local.pods().process(namespace, standby.name(), CONTAINER).kill();
        ApplicationAccess superuser = access.asSuperuser(local.client(), namespace, cluster);
        try (Connection connection = access.connect(primary);
                Connection observer = superuser.connect(primary)) {
            try (Statement write = connection.createStatement()) {
                write.executeUpdate("UPDATE orders SET amount = amount + 1 WHERE country = 'DE'");
            }
            List<String> streaming = new ArrayList<>();
            Eventually.get("streaming again, " + standby.name(), LIMIT, () -> "streaming are " + streaming, () -> {
                streaming.clear();
                streaming.addAll(streaming(observer));
                boolean restarted = isRestarted(standby.name(), pid);
                return restarted && streaming.contains(standby.name()) ? Optional.of(true) : Optional.empty();
            });
        } catch (SQLException e) {
            throw new StepFailed("primary " + primary.instance() + ": " + e.getMessage(), e);
        }
        Eventually.get(
                "Ready",
                LIMIT,
                () -> ClusterState.read(local.client(), namespace, cluster)
                        .map(ClusterState::summary)
                        .orElse("gone"),
                () -> ClusterState.read(local.client(), namespace, cluster).filter(ClusterState::isReady));
        return "standby " + standby.name() + " killed; it was started again, streams, and the cluster is Ready";
    }

    private boolean isRestarted(String pod, long before) {
        return Optional.ofNullable(local.client()
                        .pods()
                        .inNamespace(namespace)
                        .withName(pod)
                        .get())
                .map(found -> found.getStatus().getContainerStatuses().getFirst())
                .filter(status -> status.getReady() && !("process://" + before).equals(status.getContainerID()))
                .isPresent();
    }

    /** The standbys' names, as the primary sees them stream. */
    private static List<String> streaming(Connection connection) {
        List<String> names = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT application_name FROM pg_stat_replication WHERE state = 'streaming'")) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        } catch (SQLException e) {
            return List.of();
        }
        return names;
    }
}
