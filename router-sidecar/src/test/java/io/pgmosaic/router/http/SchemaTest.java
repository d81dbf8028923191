package io.pgmosaic.router.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgmosaic.protocol.topology.SchemaChange;
import io.pgmosaic.protocol.topology.SchemaChanges;
import io.pgmosaic.protocol.topology.SchemaStage;
import io.pgmosaic.protocol.topology.TopologyEvent;
import io.pgmosaic.router.harness.InformedRouter;
import io.pgmosaic.router.harness.RunningRouter;
import io.pgmosaic.router.harness.RunningRouter.Reply;
import io.pgmosaic.router.harness.Topologies;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SchemaTest {
    private InformedRouter informed;
    private RunningRouter router;
    private long version;

    @BeforeAll
    void start(@TempDir Path folder) {
        informed = InformedRouter.start(folder, Topologies.healthy());
        router = informed.router();
    }

    @AfterAll
    void stop() {
        informed.close();
    }

    private static SchemaChange change(
            String name, @Nullable List<String> tables, SchemaStage everywhere, Map<String, SchemaStage> ahead) {
        return new SchemaChange(name, tables, everywhere, ahead);
    }

    /** Returns when the router has it. */
    private void tell(SchemaChange... changes) {
        version++;
        SchemaChange mark = change("v" + version, List.of("public.marks"), SchemaStage.NONE, Map.of());
        List<SchemaChange> all = new ArrayList<>(List.of(changes));
        all.add(mark);
        informed.operator()
                .send(new TopologyEvent.ShardChanged(
                        Topologies.healthy("s0", 1), null, new SchemaChanges(version, all)));
        await().until(() -> router.get("/v1/schema?table=marks")
                .body()
                .at("/migrations")
                .findValuesAsText("name")
                .contains(mark.name()));
    }

    private JsonNode ask(String query) {
        Reply reply = router.get("/v1/schema?" + query);
        assertThat(reply.status()).as(reply.toString()).isEqualTo(200);
        return reply.body();
    }

    private static String stage(JsonNode node) {
        return (node.at("/expanded").asBoolean() ? "expanded " : "")
                + (node.at("/filled").asBoolean() ? "filled " : "")
                + (node.at("/complete").asBoolean() ? "complete" : "");
    }

    @Test
    void tellsForAllShardsAndForEachWhatIsThere() {
        tell(change("notes", List.of("public.orders"), SchemaStage.NONE, Map.of("s0", SchemaStage.EXPANDED)));
        JsonNode begun = ask("table=orders&migration=notes");
        assertThat(begun.at("/table").asText()).isEqualTo("public.orders");
        assertThat(stage(begun)).isEmpty();
        assertThat(stage(begun.at("/shards/0"))).isEqualTo("expanded ");
        assertThat(stage(begun.at("/shards/1"))).isEmpty();

        tell(change("notes", List.of("public.orders"), SchemaStage.EXPANDED, Map.of("s1", SchemaStage.FILLED)));
        JsonNode expanded = ask("table=public.orders&migration=notes");
        assertThat(stage(expanded)).isEqualTo("expanded ");
        assertThat(stage(expanded.at("/shards/1"))).isEqualTo("expanded filled ");
        assertThat(expanded.at("/settled").asBoolean()).isFalse();

        tell(change("notes", List.of("public.orders"), SchemaStage.FILLED, Map.of("s1", SchemaStage.COMPLETE)));
        JsonNode filled = ask("table=orders&migration=notes");
        assertThat(stage(filled)).isEqualTo("expanded filled ");
        assertThat(stage(filled.at("/shards/1"))).isEqualTo("expanded filled complete");
        assertThat(filled.at("/settled").asBoolean()).isTrue();

        tell(change("notes", List.of("public.orders"), SchemaStage.NONE, Map.of()));
        assertThat(stage(ask("table=orders&migration=notes"))).as("taken back").isEmpty();
    }

    @Test
    void withoutANameAllThatTouchTheTableCount() {
        tell(
                change("first", List.of("public.orders"), SchemaStage.COMPLETE, Map.of()),
                change("second", List.of("public.orders", "public.accounts"), SchemaStage.EXPANDED, Map.of()),
                change("other", List.of("public.events"), SchemaStage.NONE, Map.of()));
        JsonNode all = ask("table=orders");
        assertThat(stage(all)).isEqualTo("expanded ");
        assertThat(all.at("/migrations").findValuesAsText("name")).containsExactly("first", "second");
        assertThat(stage(ask("table=orders&migration=first"))).isEqualTo("expanded filled complete");
        tell(
                change("first", List.of("public.orders"), SchemaStage.COMPLETE, Map.of()),
                change("unknown", null, SchemaStage.NONE, Map.of()));
        assertThat(stage(ask("table=orders"))).as("one that may touch any").isEmpty();
    }

    @Test
    void nothingIsThereOfWhatIsNotKnown() {
        tell(change("first", List.of("public.orders", "public.made"), SchemaStage.COMPLETE, Map.of()));
        for (String query : List.of(
                "table=accounts",
                "table=orders&migration=ghost",
                "table=accounts&migration=first",
                "table=countries")) {
            JsonNode body = ask(query);
            assertThat(stage(body)).as(query).isEmpty();
            assertThat(body.at("/settled").asBoolean()).as(query).isFalse();
            assertThat(body.at("/migrations")).as(query).isEmpty();
        }
        assertThat(stage(ask("table=made"))).as("one that is not sharded").isEqualTo("expanded filled complete");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                        | 400 | name the table
            table=                    | 400 | name the table
            table=ghosts              | 404 | neither sharded nor a reference table
            table=orders&migration=   | 400 | is the name of a SchemaMigration
            table=orders&table=orders | 400 | is given twice
            table=orders&shard=s0     | 400 | known are table, migration
            """)
    void refusesWhatIsNoQuestion(String query, int status, String detail) {
        Reply reply = router.get("/v1/schema?" + query);
        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.body().at("/detail").asText()).contains(detail);
    }
}
