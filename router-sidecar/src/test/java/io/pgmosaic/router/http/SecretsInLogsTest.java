package io.pgmosaic.router.http;

import io.pgmosaic.router.harness.InformedRouter;
import io.pgmosaic.router.harness.RunningRouter;
import io.pgmosaic.router.harness.Topologies;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** Whatever is asked, neither keys nor sessions nor tokens nor what the router itself shows others are in its log. */
class SecretsInLogsTest {
    private static final String KEY = "alice%40example.org";

    @Test
    void logsNothingThatAClientSentAndNoSecretOfItsOwn(@TempDir Path folder) {
        try (InformedRouter informed = InformedRouter.start(folder, Topologies.healthy())) {
            RunningRouter router = informed.router();
            String token = router.post(
                            "/v1/positions",
                            "{\"shard\": \"s1\", \"term\": 1, \"lsn\": \"0/100\", \"kind\": \"write\"}")
                    .body()
                    .at("/token")
                    .asText();
            assertThat(token).isNotEmpty();
            String read = "/v1/route?table=accounts&key=" + KEY + "&intent=read&consistency=causal";
            for (String shown :
                    List.of(token, token + "x", token.substring(0, token.length() / 2), "x".repeat(9_000))) {
                router.get(read, shown);
            }
            router.get("/v1/route?table=accounts&key=" + KEY + "&session=session-of-alice");
            router.get("/v1/route?table=nothing&key=" + KEY);
            router.get("/v1/route?table=orders&key=" + KEY + "&priority=99");
            router.post("/v1/route", "{\"table\": \"accounts\", \"keys\": [\"alice@example.org\", null, {}]}", token);
            router.post("/v1/outcomes", "{\"client\": \"alice@example.org\", \"outcomes\": [{\"shard\": 7}]}");
            router.get("/v1/hotkeys?table=accounts&key=" + KEY);
            router.get("/alice@example.org?token=" + token.substring(0, 8));
            assertThat(router.log()).isNotEmpty();
            assertThat(router.log())
                    .doesNotContain("alice")
                    .doesNotContain(token.substring(0, 20))
                    .doesNotContain(RunningRouter.TOKEN)
                    .doesNotContain(InformedRouter.CAUSAL_KEYS.substring(3, 40));
        }
    }

    @Test
    void saysWhichLimitARequestIsBeyond(@TempDir Path folder) {
        try (InformedRouter informed = InformedRouter.start(folder, Topologies.healthy())) {
            RunningRouter router = informed.router();
            assertThat(router.get("/v1/route?table=accounts&key=" + "x".repeat(70_000))
                            .status())
                    .isEqualTo(414);
            assertThat(router.get("/v1/route?table=accounts&key=a", "X-Other", "x".repeat(20_000))
                            .status())
                    .isEqualTo(431);
            assertThat(router.post("/v1/route", "x".repeat(RequestBody.MAX_BYTES + 1))
                            .status())
                    .isEqualTo(413);
            assertThat(router.get("/livez").status()).isEqualTo(200);
        }
    }
}
