package io.pgmosaic.router.http;

import io.pgmosaic.protocol.topology.DirectoryResult;
import io.pgmosaic.protocol.topology.DirectoryResult.Outcome;
import io.pgmosaic.router.harness.FakeOperator.ChangeAnswer;
import io.pgmosaic.router.harness.InformedRouter;
import io.pgmosaic.router.harness.RunningRouter.Reply;
import io.pgmosaic.router.harness.Topologies;
import io.pgmosaic.routing.recipe.MapRecipe;
import io.pgmosaic.routing.recipe.PlacementRecipe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Requests for changes of directories, which the router has an operator do. */
class DirectoryChangesTest {
    private static final MapRecipe MAP = new MapRecipe(
            3, null, List.of(PlacementRecipe.evenHashRanges(List.of("s0", "s1"))), List.of(), List.of(), true);
    private static final String ONE = "{\"table\":\"orders\",\"entries\":[{\"key\":[1],\"shard\":\"s1\"}]}";

    @TempDir
    private Path folder;

    private InformedRouter informed;

    @BeforeEach
    void start() {
        informed = InformedRouter.start(
                folder, Topologies.of(MAP, Topologies.healthy("s0", 1), Topologies.healthy("s1", 1)));
    }

    @AfterEach
    void stop() {
        informed.close();
    }

    private Reply put(String body) {
        return informed.router().method("PUT", "/v1/directory", body);
    }

    private void answer(Outcome... outcomes) {
        List<DirectoryResult.Item> items = new ArrayList<>();
        for (Outcome outcome : outcomes) {
            items.add(new DirectoryResult.Item(outcome, outcome == Outcome.DONE ? null : "of it"));
        }
        informed.operator().answerChanges(new ChangeAnswer(200, null, new DirectoryResult(items)));
    }

    @Test
    void tellsWhatTheOperatorSays() {
        answer(Outcome.DONE);
        assertThat(put(ONE).body().at("/results/0/outcome").asText()).isEqualTo("done");
        assertThat(informed.operator().changes().getFirst().entries().getFirst().key())
                .containsExactly("1");
        answer(Outcome.PENDING);
        Reply pending = put(ONE);
        assertThat(pending.status()).isEqualTo(503);
        assertThat(pending.body().path("outcome").asText()).isEqualTo("pending");
        answer(Outcome.DONE, Outcome.BUSY);
        Reply two = put(
                "{\"table\":\"orders\",\"entries\":[{\"key\":[1],\"shard\":\"s1\"},{\"key\":[\"2\"],\"shard\":\"s1\"}]}");
        assertThat(two.status()).isEqualTo(207);
        assertThat(two.body().at("/results/1/status").asInt()).isEqualTo(503);
    }

    /** Whoever does not say what it did is not asked again, and the client is told to look. */
    @Test
    void saysThatItMayHaveBeenDone() {
        Reply cut = put(ONE);
        assertThat(cut.status()).isEqualTo(503);
        assertThat(cut.body().path("outcome").asText()).isEqualTo("pending");
        assertThat(cut.body().path("detail").asText()).contains("it may have been done; ask with GET");
        assertThat(informed.operator().changes()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "{\"table\":\"orders\"}",
                "{\"table\":\"orders\",\"entries\":[]}",
                "{\"table\":\"orders\",\"entries\":{}}",
                "{\"table\":\"orders\",\"entries\":[1]}",
                "{\"table\":\"orders\",\"entries\":[{}]}",
                "{\"table\":\"orders\",\"entries\":[{\"key\":[]}]}",
                "{\"table\":\"orders\",\"entries\":[{\"key\":\"1\"}]}",
                "{\"table\":\"orders\",\"entries\":[{\"key\":[1.5]}]}",
                "{\"table\":\"orders\",\"entries\":[{\"key\":[[1]]}]}",
                "{\"table\":\"orders\",\"entries\":[{\"key\":[true]}]}",
                "{\"table\":\"orders\",\"entries\":[{\"key\":[1],\"shard\":1}]}",
                "{\"table\":\"orders\",\"entries\":[{\"key\":[1],\"shards\":\"s1\"}]}",
                "{\"table\":1,\"entries\":[{\"key\":[1]}]}",
                "{\"table\":\"orders\",\"entries\":[{\"key\":[1]}",
                "{\"table\":\"orders\",\"entries\":[{\"key\":[1]}]} {}"
            })
    void refusesWhatIsNotOfTheForm(String body) {
        answer(Outcome.DONE);
        Reply refused = put(body);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.body().path("detail").asText()).contains("the body is {");
        assertThat(informed.operator().changes()).isEmpty();
    }

    @Test
    void refusesTooMuch() {
        answer(Outcome.DONE);
        String entry = "{\"key\":[1],\"shard\":\"s1\"},";
        assertThat(put("{\"table\":\"orders\",\"entries\":[" + entry.repeat(1_000) + "{\"key\":[1]}]}")
                        .body()
                        .path("detail")
                        .asText())
                .contains("more than 1000 entries");
        assertThat(put("{\"table\":\"orders\",\"entries\":[{\"key\":[" + "1,".repeat(32) + "1]}]}")
                        .body()
                        .path("detail")
                        .asText())
                .contains("more than 32 values");
        assertThat(put(" ".repeat(1 << 20) + ONE).status()).isEqualTo(413);
        // Within the limit as it comes, and beyond it as it goes on.
        assertThat(put("{\"table\":\"orders\",\"entries\":[{\"key\":[\"" + "x".repeat((1 << 20) - 60)
                                + "\"],\"shard\":\"s1\"}]}")
                        .status())
                .isEqualTo(413);
        assertThat(informed.operator().changes()).isEmpty();
    }

    @Test
    void boundsHowManyAreUnderWay() throws IOException {
        answer(Outcome.DONE);
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 8; i++) {
                Socket socket = new Socket(
                        InetAddress.getLoopbackAddress(), informed.router().port());
                slow.add(socket);
                socket.getOutputStream()
                        .write("PUT /v1/directory HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{".getBytes(UTF_8));
            }
            await().until(() -> put(ONE).status() == 503);
            Reply refused = put(ONE);
            assertThat(refused.body().at("/type").asText()).isEqualTo("urn:pgmosaic:problem:router-busy");
            assertThat(refused.headers()).containsKey("retry-after");
            assertThat(informed.router()
                            .post("/v1/route", "{\"table\":\"accounts\",\"keys\":[]}")
                            .status())
                    .as("batches have places of their own")
                    .isEqualTo(200);
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
        await().until(() -> put(ONE).status() == 200);
        for (int i = 0; i < 20; i++) {
            assertThat(put("nothing").status()).isEqualTo(400);
            assertThat(put(ONE).status()).isEqualTo(200);
        }
    }
}
