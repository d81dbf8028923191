package io.pgmosaic.router.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgmosaic.router.harness.InformedRouter;
import io.pgmosaic.router.harness.RunningRouter;
import io.pgmosaic.router.harness.Topologies;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

class HotKeysApiTest {
    @Test
    void tellsWhichKeysAreHotWithoutTellingThem(@TempDir Path folder) {
        try (InformedRouter informed = InformedRouter.start(folder, Topologies.healthy())) {
            RunningRouter router = informed.router();
            for (int i = 0; i < 6; i++) {
                router.get("/v1/route?table=accounts&key=celebrity");
            }
            router.post("/v1/route", "{\"table\": \"accounts\", \"keys\": [\"a\", \"b\", \"c\"]}");
            router.get("/v1/route?table=events&key=acme&key=7");
            router.get("/v1/route?table=accounts&key=");
            router.get("/v1/route?table=countries&intent=read");
            RunningRouter.Reply reply = router.get("/v1/hotkeys");
            assertThat(reply.body().at("/tables").findValuesAsText("table"))
                    .containsExactly("public.accounts", "public.events");
            assertThat(reply.body().toString()).doesNotContain("celebrity", "acme");
            JsonNode top = reply.body().at("/tables/0/keys/0");
            assertThat(top.at("/share").asDouble()).isBetween(0.66, 0.67);
            assertThat(top.at("/error").asDouble()).isZero();
            JsonNode one =
                    router.get("/v1/hotkeys?table=accounts&key=celebrity").body();
            assertThat(one.at("/tables/0/keys/0/name")).isEqualTo(top.at("/name"));
            assertThat(one.at("/tables/0/keys/0/share").asDouble()).isBetween(0.66, 0.67);
            assertThat(router.get("/v1/hotkeys?table=accounts&key=nobody")
                            .body()
                            .at("/tables/0/keys/0/share"))
                    .hasToString("0.0");
            assertThat(router.get("/v1/hotkeys?table=accounts&limit=2").body().at("/tables/0/keys"))
                    .hasSize(2);
            assertThat(router.text("/metrics")).contains("pgmosaic_router_hot_key_share{table=\"public.events\"} 1.0");
            for (String wrong : new String[] {
                "limit=0", "limit=many", "table=nothing", "tables=x", "table=orders&key=x", "table=countries&key=1"
            }) {
                assertThat(router.get("/v1/hotkeys?" + wrong).status())
                        .as(wrong)
                        .isBetween(400, 404);
            }
        }
    }
}
