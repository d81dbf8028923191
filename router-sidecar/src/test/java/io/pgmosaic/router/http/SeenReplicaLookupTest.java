package io.pgmosaic.router.http;

import io.pgmosaic.protocol.Lsn;
import io.pgmosaic.protocol.instance.LogPosition;
import io.pgmosaic.protocol.topology.Replica;
import io.pgmosaic.protocol.topology.ShardTopology;
import io.pgmosaic.router.harness.InformedRouter;
import io.pgmosaic.router.harness.RunningRouter;
import io.pgmosaic.router.harness.RunningRouter.Reply;
import io.pgmosaic.router.harness.Topologies;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

import static io.pgmosaic.router.http.GuaranteeReplies.READ;
import static io.pgmosaic.router.http.GuaranteeReplies.server;
import static io.pgmosaic.router.http.GuaranteeReplies.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Reads of shard s1, term 2, with a token that demands 0/250; of its replica 1 the operator told 0/200. */
class SeenReplicaLookupTest {
    @TempDir
    private Path folder;

    @Test
    void aReplicaServesWhatClientsSawThatItHas() {
        try (InformedRouter informed =
                InformedRouter.start(folder, Topologies.of(Topologies.map(1), Topologies.healthy("s0", 1), shard(2)))) {
            RunningRouter router = informed.router();
            String token = token(router.post("/v1/positions", report(2, "0/250", "write", null)));
            String read = READ + "&consistency=causal";
            assertThat(server(router.get(read, token))).isEqualTo("orders-s1-0");
            router.post("/v1/positions", report(2, "0/260", "read", null));
            router.post("/v1/positions", report(2, "0/260", "read", "orders-s1-9"));
            router.post("/v1/positions", report(2, "0/260", "read", "orders-s1-0"));
            router.post("/v1/positions", report(2, "0/260", "write", "orders-s1-1"));
            router.post("/v1/positions", report(1, "0/260", "read", "orders-s1-1"));
            router.post("/v1/positions", report(3, "0/260", "read", "orders-s1-1"));
            router.post("/v1/positions", report(2, "0/249", "read", "orders-s1-1"));
            assertThat(server(router.get(read, token))).isEqualTo("orders-s1-0");

            // It counts for a while only, and this machine may be slow.
            await().until(() -> {
                assertThat(router.post("/v1/positions", report(2, "0/260", "read", "orders-s1-1"))
                                .status())
                        .isEqualTo(200);
                Reply reply = router.get(read, token);
                boolean served = server(reply).equals("orders-s1-1");
                if (served) {
                    assertThat(reply.body().at("/position/term").asLong()).isEqualTo(2);
                    assertThat(reply.body().at("/position/lsn").asText())
                            .as("what it was chosen for")
                            .isEqualTo("0/250");
                }
                return served;
            });
            assertThat(router.get(READ + "&consistency=eventual")
                            .body()
                            .at("/position/lsn")
                            .asText())
                    .as("what the operator told")
                    .isEqualTo("0/200");
        }
    }

    private static String report(long term, String lsn, String kind, @Nullable String instance) {
        String body = GuaranteeReplies.position("s1", term, lsn, kind, null);
        return instance == null ? body : body.replaceFirst("}$", ",\"instance\":\"" + instance + "\"}");
    }

    private static ShardTopology shard(long term) {
        Replica replica = new Replica(Topologies.server("s1", 1), 20L, at(2, "0/200"), 0L);
        return new ShardTopology("s1", term, Topologies.server("s1", 0), List.of(replica), null, at(term, "0/300"));
    }

    private static LogPosition at(long term, String lsn) {
        return new LogPosition(term, Lsn.parse(lsn));
    }
}
