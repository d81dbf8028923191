package io.pgmosaic.router.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pgmosaic.protocol.topology.LoadShedding;
import io.pgmosaic.protocol.topology.RateLimit;
import io.pgmosaic.protocol.topology.RoutingPolicy;
import io.pgmosaic.protocol.topology.Server;
import io.pgmosaic.protocol.topology.TableRule;
import io.pgmosaic.router.consistency.KeyFile;
import io.pgmosaic.router.consistency.Sessions;
import io.pgmosaic.router.consistency.TokenCodec;
import io.pgmosaic.router.database.Databases;
import io.pgmosaic.router.directory.Directory;
import io.pgmosaic.router.harness.FakeOperator;
import io.pgmosaic.router.harness.RunningRouter;
import io.pgmosaic.router.harness.TestAuthority;
import io.pgmosaic.router.harness.Topologies;
import io.pgmosaic.router.hotkeys.HotKeys;
import io.pgmosaic.router.hotkeys.KeyNames;
import io.pgmosaic.router.ids.Draw;
import io.pgmosaic.router.ids.Ids;
import io.pgmosaic.router.index.LookupIndexes;
import io.pgmosaic.router.limits.KeyLimits;
import io.pgmosaic.router.load.LoadShedder;
import io.pgmosaic.router.load.Pools;
import io.pgmosaic.router.log.JsonLog;
import io.pgmosaic.router.lookup.ChosenServer;
import io.pgmosaic.router.lookup.Position;
import io.pgmosaic.router.lookup.ReplicaAnswer;
import io.pgmosaic.router.lookup.RouteAnswer;
import io.pgmosaic.router.metrics.GuaranteeMetrics;
import io.pgmosaic.router.metrics.LookupMetrics;
import io.pgmosaic.router.metrics.ShardMetrics;
import io.pgmosaic.router.topology.TopologyView;
import io.pgmosaic.routing.recipe.GroupRecipe;
import io.pgmosaic.routing.recipe.MapRecipe;
import io.pgmosaic.routing.recipe.OverrideRecipe;
import io.pgmosaic.routing.recipe.PlacementRecipe;
import io.pgmosaic.routing.recipe.RangeRecipe;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The description of the interface says what the interface is: every path, field and problem, and no other. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenApiTest {
    /** The records that answers are made of. */
    private static final Map<String, Class<? extends Record>> RECORDS = Map.ofEntries(
            Map.entry("Server", Server.class),
            Map.entry("ChosenServer", ChosenServer.class),
            Map.entry("ReplicaAnswer", ReplicaAnswer.class),
            Map.entry("RouteAnswer", RouteAnswer.class),
            Map.entry("Position", Position.class),
            Map.entry("ShardsDocument", ShardsDocument.class),
            Map.entry("Shard", ShardsDocument.Shard.class),
            Map.entry("ShardReplica", ShardsDocument.ShardReplica.class),
            Map.entry("PlacesDocument", PlacesDocument.class),
            Map.entry("Place", PlacesDocument.Place.class),
            Map.entry("PlaceRange", PlacesDocument.Range.class),
            Map.entry("SchemaDocument", SchemaDocument.class),
            Map.entry("PlanRequest", PlanRequest.class),
            Map.entry("PlanCapacity", PlanRequest.Capacity.class),
            Map.entry("PlanLoad", PlanRequest.Demand.class),
            Map.entry("PlanDocument", PlanDocument.class),
            Map.entry("PlanGroup", PlanDocument.Group.class),
            Map.entry("PlanMove", PlanDocument.Moving.class),
            Map.entry("PlanKey", PlanDocument.MovingKey.class),
            Map.entry("PlanPlaceless", PlanDocument.Placeless.class),
            Map.entry("PlanRows", PlanDocument.Bounds.class),
            Map.entry("PlanCount", PlanDocument.Count.class),
            Map.entry("MapDocument", MapDocument.class),
            Map.entry("MapRecipe", MapRecipe.class),
            Map.entry("GroupRecipe", GroupRecipe.class),
            Map.entry("PlacementRecipe", PlacementRecipe.class),
            Map.entry("RangeRecipe", RangeRecipe.class),
            Map.entry("OverrideRecipe", OverrideRecipe.class),
            Map.entry("TableRule", TableRule.class),
            Map.entry("KeyColumn", TableRule.KeyColumn.class),
            Map.entry("LookupIndexRule", TableRule.LookupIndex.class),
            Map.entry("IndexDocument", IndexDocument.class),
            Map.entry("RoutingPolicy", RoutingPolicy.class),
            Map.entry("RateLimit", RateLimit.class),
            Map.entry("LoadShedding", LoadShedding.class),
            Map.entry("HotKeys", HotKeysApi.Document.class),
            Map.entry("HotKeyTable", HotKeysApi.Table.class),
            Map.entry("HotKey", HotKeysApi.Entry.class),
            Map.entry("Taken", OutcomesApi.Taken.class),
            Map.entry("Readiness", Readiness.class));

    private JsonNode document;
    private Map<String, JsonNode> schemas;

    @BeforeAll
    void read() throws IOException {
        document = new YAMLMapper().readTree(RouterApi.class.getResourceAsStream("/openapi.yaml"));
        schemas = fields(document.at("/components/schemas"));
    }

    @Test
    void describesEveryFieldOfEveryAnswer() {
        RECORDS.forEach((name, type) -> assertThat(fields(document.at("/components/schemas/" + name + "/properties"))
                        .keySet())
                .as(name)
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(type.getRecordComponents())
                        .map(RecordComponent::getName)
                        .toList()));
    }

    @Test
    void requiresOnlyFieldsThatItDescribes() {
        schemas.forEach((name, schema) -> schema.at("/required")
                .forEach(field ->
                        assertThat(fields(schema.at("/properties"))).as(name).containsKey(field.asText())));
    }

    @Test
    void listsEveryProblemType() {
        assertThat(document.at("/components/schemas/Problem/properties/type/enum")
                        .valueStream()
                        .map(JsonNode::asText))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(ProblemType.values())
                        .map(ProblemType::uri)
                        .toList());
    }

    @Test
    void pointsOnlyAtWhatIsThere() {
        document.findValuesAsText("$ref").forEach(reference -> assertThat(
                        document.at(reference.substring(1)).isMissingNode())
                .as(reference)
                .isFalse());
        Set<String> used = document.findValuesAsText("$ref").stream()
                .map(reference -> reference.substring(reference.lastIndexOf('/') + 1))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(used).as("schemas that nothing uses are missing here").containsAll(schemas.keySet());
    }

    @Test
    void describesEveryPathAndMethodAndNoOther(@TempDir Path folder) {
        TestAuthority authority = new TestAuthority();
        try (FakeOperator operator = new FakeOperator(
                authority.serverContext("pgmosaic-operator-topology"),
                RunningRouter.TOKEN,
                Topologies.NAMESPACE,
                Topologies.CLUSTER)) {
            operator.publish(Topologies.healthy());
            RunningRouter.secret(folder, authority.caPem(), RunningRouter.TOKEN);
            try (RunningRouter router = RunningRouter.start(folder, operator.url())) {
                await().until(() -> router.get("/readyz").status() == 200);
                Map<String, JsonNode> paths = fields(document.at("/paths"));
                paths.forEach((path, operations) -> {
                    // The router itself says which methods a path takes.
                    List<String> allow = router.method("PATCH", path.replaceAll("\\{.*}", "any"), "")
                            .headers()
                            .getOrDefault("allow", List.of());
                    Set<String> allowed = Set.of(
                            String.join("", allow).toLowerCase(Locale.ROOT).split(", "));
                    assertThat(fields(operations).keySet()).as(path).isEqualTo(allowed);
                });
                assertThat(paths).containsOnlyKeys(paths());
                assertThat(router.text("/openapi.yaml")).startsWith("openapi: 3.1.0");
            }
        }
    }

    private static String[] paths() {
        Vertx vertx = Vertx.vertx();
        JsonLog log = new JsonLog(System.out, Clock.systemUTC(), Map.of());
        try {
            return new RouterApi(
                            vertx,
                            new TopologyView(Clock.systemUTC()),
                            new LookupMetrics(new SimpleMeterRegistry()),
                            new RouterApi.Guarantees(
                                    new Sessions(1, 0),
                                    new TokenCodec(new KeyFile(Path.of("none"), log), Clock.systemUTC()),
                                    new GuaranteeMetrics(new SimpleMeterRegistry())),
                            new RouterApi.Traffic(
                                    new ShardMetrics(new SimpleMeterRegistry(), new Pools(System::nanoTime)),
                                    new Pools(System::nanoTime),
                                    new HotKeys(0, (name, keys) -> {}),
                                    new KeyNames(() -> null),
                                    false,
                                    new KeyLimits(),
                                    new LoadShedder((shard, gates) -> {})),
                            new RouterApi.Bounds(1, 1),
                            null,
                            new RouterApi.Directories(
                                    new Directory(
                                            new Databases(vertx, Path.of("none")),
                                            new Directory.Settings(1, 1, 1),
                                            new SimpleMeterRegistry(),
                                            System::nanoTime,
                                            now -> 0),
                                    change -> Future.failedFuture("nobody is asked"),
                                    new LookupIndexes(
                                            new Databases(vertx, Path.of("none")),
                                            new LookupIndexes.Settings(1, 1),
                                            new SimpleMeterRegistry(),
                                            System::nanoTime)),
                            new IdsApi(
                                    vertx,
                                    new Ids(count -> new Draw.NoLease("nobody asked")),
                                    IdsApi.metrics(new SimpleMeterRegistry())),
                            () -> "",
                            new byte[0],
                            log)
                    .paths()
                    .toArray(String[]::new);
        } finally {
            vertx.close().await();
        }
    }

    private static Map<String, JsonNode> fields(JsonNode object) {
        Map<String, JsonNode> fields = new LinkedHashMap<>();
        object.properties().forEach(field -> fields.put(field.getKey(), field.getValue()));
        return fields;
    }
}
