package io.pgmosaic.router.http;

import io.pgmosaic.router.harness.FakeOperator;
import io.pgmosaic.router.harness.RunningRouter;
import io.pgmosaic.router.harness.TestAuthority;
import io.pgmosaic.router.harness.Topologies;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.http.HttpResponse;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What the kubelet and Prometheus are told, who come from outside of the pod. */
class HealthPortTest {
    @TempDir
    Path folder;

    @Test
    void tellsHealthAndMetricsAndNoServer() {
        TestAuthority authority = new TestAuthority();
        RunningRouter.secret(folder, authority.caPem(), RunningRouter.TOKEN);
        try (FakeOperator operator = new FakeOperator(
                        authority.serverContext("pgmosaic-operator-topology"),
                        RunningRouter.TOKEN,
                        Topologies.NAMESPACE,
                        Topologies.CLUSTER);
                RunningRouter router = RunningRouter.start(folder, operator.url())) {
            assertThat(router.health("/livez").statusCode()).isEqualTo(200);
            assertThat(router.health("/readyz").statusCode()).isEqualTo(503);
            operator.publish(Topologies.healthy());
            await().until(() -> router.health("/readyz").statusCode() == 200);
            assertThat(router.health("/metrics").body()).contains("pgmosaic_router_map_version");
            assertThat(router.get("/v1/shards").status()).isEqualTo(200);
            for (String path :
                    new String[] {"/v1/route?table=orders&key=42", "/v1/shards", "/v1/map", "/", "/openapi.yaml"}) {
                HttpResponse<String> answer = router.health(path);
                assertThat(answer.statusCode()).as(path).isEqualTo(404);
                assertThat(answer.body()).contains("this port answers").doesNotContain("s0");
            }
        }
    }
}
