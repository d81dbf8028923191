package io.pgmosaic.router.probe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.pgmosaic.protocol.topology.Replica;
import io.pgmosaic.protocol.topology.Server;
import io.pgmosaic.protocol.topology.ShardTopology;
import io.pgmosaic.router.harness.FakeOperator;
import io.pgmosaic.router.harness.RunningRouter;
import io.pgmosaic.router.harness.ShardPostgres;
import io.pgmosaic.router.harness.TestAuthority;
import io.pgmosaic.router.harness.Topologies;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

import static io.pgmosaic.router.harness.Topologies.headless;
import static io.pgmosaic.router.harness.Topologies.healthy;
import static io.pgmosaic.router.harness.Topologies.map;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A router that hears no operator, and a server that it can ask. */
class AloneRouterTest {
    @TempDir
    Path folder;

    private final TestAuthority authority = new TestAuthority();

    @Test
    void findsAPrimaryByItselfSaysSoAndTakesTheOperatorsWordWhenThatIsBack() throws SQLException, IOException {
        RunningRouter.secret(folder, authority.caPem(), RunningRouter.TOKEN);
        try (ShardPostgres postgres = ShardPostgres.start(authority, folder.resolve("secret"));
                FakeOperator gone = operator();
                FakeOperator back = operator()) {
            ShardTopology outdated = new ShardTopology(
                    "s0",
                    1,
                    new Server("orders-s0-1", "127.0.0.1", freePort()),
                    List.of(new Replica(postgres.server(), 20L)),
                    null);
            gone.publish(Topologies.of(map(1), outdated, healthy("s1", 1)));
            try (RunningRouter router = RunningRouter.start(folder, gone.url())) {
                await().until(() -> primary(router).equals("orders-s0-1"));
                assertThat(router.get("/v1/shards").headers()).doesNotContainKeys("age", "x-topology-source");
            }
            try (RunningRouter router = RunningRouter.start(folder, back.url())) {
                assertThat(primary(router)).as("until it has asked").isEqualTo("orders-s0-1");
                await().until(() -> primary(router).equals("orders-s0-0"));
                JsonNode shard = shard(router);
                assertThat(shard.at("/source").asText()).isEqualTo("probe");
                assertThat(shard.at("/foundAt").asText()).endsWith("Z");
                assertThat(shard.at("/term").asLong()).isEqualTo(1);
                assertThat(shard.at("/replicas"))
                        .as("it is the only one that answers")
                        .isEmpty();
                RunningRouter.Reply reply = router.get("/v1/shards");
                assertThat(reply.headers()).containsKey("age");
                assertThat(reply.headers().get("x-topology-source")).containsExactly("disk");
                assertThat(router.text("/metrics"))
                        .contains("pgmosaic_router_probing 1.0")
                        .contains("pgmosaic_router_probe_findings_total 1.0")
                        .containsPattern("pgmosaic_router_probes_total\\{answer=\"none\"} [1-9]");
                assertThat(router.log()).contains("since no operator is heard").doesNotContain(ShardPostgres.PASSWORD);

                back.publish(Topologies.of(map(1), headless("s0", 1, "the operator knows better"), healthy("s1", 1)));
                await().until(() -> shard(router).at("/reason").asText().equals("the operator knows better"));
                assertThat(shard(router).has("source")).isFalse();
                assertThat(router.get("/v1/shards").headers()).doesNotContainKeys("age", "x-topology-source");
                await().until(() -> router.text("/metrics").contains("pgmosaic_router_probing 0.0"));
            }
        }
    }

    private static String primary(RunningRouter router) {
        return shard(router).at("/primary/instance").asText();
    }

    private static JsonNode shard(RunningRouter router) {
        for (JsonNode shard : router.get("/v1/shards").body().at("/shards")) {
            if (shard.at("/shard").asText().equals("s0")) {
                return shard;
            }
        }
        return MissingNode.getInstance();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private FakeOperator operator() {
        return new FakeOperator(
                authority.serverContext("pgmosaic-operator-topology"),
                RunningRouter.TOKEN,
                Topologies.NAMESPACE,
                Topologies.CLUSTER);
    }
}
