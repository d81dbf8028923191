package io.pgmosaic.router.harness;

import io.pgmosaic.protocol.topology.ClusterTopology;
import io.pgmosaic.router.app.DirectorySettings;
import io.pgmosaic.router.app.TrafficSettings;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;

import static org.awaitility.Awaitility.await;

/** A router that knows a topology, and the operator that told it. */
public record InformedRouter(FakeOperator operator, RunningRouter router) implements AutoCloseable {
    /** One key for causal tokens, in the form in which the operator writes it. */
    public static final String CAUSAL_KEYS =
            "k1 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= SIGNS 2026-01-01T00:00:00Z\n";

    /** Returns when the router answers lookups; it has {@link #CAUSAL_KEYS}. */
    public static InformedRouter start(Path folder, ClusterTopology topology) {
        return start(folder, topology, TrafficSettings.DEFAULT);
    }

    public static InformedRouter start(Path folder, ClusterTopology topology, TrafficSettings traffic) {
        return start(folder, topology, url -> RunningRouter.start(folder, traffic, url));
    }

    public static InformedRouter start(Path folder, ClusterTopology topology, DirectorySettings directory) {
        return start(folder, topology, url -> RunningRouter.start(folder, directory, url));
    }

    private static InformedRouter start(Path folder, ClusterTopology topology, Function<URI, RunningRouter> starting) {
        TestAuthority authority = new TestAuthority();
        FakeOperator operator = new FakeOperator(
                authority.serverContext("pgmosaic-operator-topology"),
                RunningRouter.TOKEN,
                Topologies.NAMESPACE,
                Topologies.CLUSTER);
        operator.publish(topology);
        RunningRouter.secret(folder, authority.caPem(), RunningRouter.TOKEN);
        try {
            Files.writeString(folder.resolve("secret").resolve("causal-keys"), CAUSAL_KEYS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        RunningRouter router = starting.apply(operator.url());
        await().until(() -> router.get("/readyz").status() == 200);
        return new InformedRouter(operator, router);
    }

    @Override
    public void close() {
        router.close();
        operator.close();
    }
}
