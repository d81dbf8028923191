package io.pgmosaic.router.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgmosaic.protocol.topology.ShardSize;
import io.pgmosaic.protocol.topology.ShardTopology;
import io.pgmosaic.protocol.topology.TableRule;
import io.pgmosaic.router.harness.InformedRouter;
import io.pgmosaic.router.harness.RunningRouter;
import io.pgmosaic.router.harness.RunningRouter.Reply;
import io.pgmosaic.router.harness.Topologies;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;

/** What another map would move, asked of a router. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PlanTest {
    private static final long GIGABYTE = 1_000_000_000L;

    private InformedRouter informed;
    private RunningRouter router;

    @BeforeAll
    void start(@TempDir Path folder) {
        informed = InformedRouter.start(
                folder, Topologies.of(Topologies.map(1), measured("s0", 10 * GIGABYTE), measured("s1", 6 * GIGABYTE)));
        router = informed.router();
    }

    private static ShardTopology measured(String shard, long orders) {
        ShardTopology healthy = Topologies.healthy(shard, 1);
        Map<String, Long> sizes = Topologies.healthy().tables().stream()
                .collect(Collectors.toMap(
                        TableRule::qualifiedName, table -> table.name().equals("orders") ? orders : 0));
        return new ShardTopology(
                healthy.shard(),
                healthy.term(),
                healthy.primary(),
                healthy.replicas(),
                healthy.reason(),
                healthy.written(),
                new ShardSize(orders + GIGABYTE, sizes));
    }

    @AfterAll
    void stop() {
        informed.close();
    }

    private JsonNode plan(String body) {
        Reply reply = router.post("/v1/plan", body);
        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(200);
        return reply.body();
    }

    @Test
    void saysWhatMoreShardsWouldMove() {
        JsonNode plan = plan("{\"shards\": 4}");
        assertThat(plan.at("/shards").valueStream().map(JsonNode::asText)).containsExactly("s0", "s2", "s1", "s3");
        JsonNode group = plan.at("/groups/0");
        assertThat(group.at("/bytes").asLong()).isEqualTo(16 * GIGABYTE);
        assertThat(group.at("/movingBytes").asLong()).isEqualTo(8 * GIGABYTE);
        assertThat(group.at("/movingShare").asDouble()).isEqualTo(0.5);
        assertThat(group.at("/moves/0/from").asText()).isEqualTo("s0");
        assertThat(group.at("/moves/0/to").asText()).isEqualTo("s2");
        assertThat(group.at("/moves/0/bytes").asLong()).isEqualTo(5 * GIGABYTE);
        assertThat(group.at("/moves/0/share").asDouble()).isEqualTo(0.5);
        assertThat(group.at("/keys")).isEmpty();
        assertThat(plan.has("count")).isFalse();
    }

    /** Whoever plans takes the answer of /v1/map, changes it and sends it. */
    @Test
    void takesTheMapInTheFormInWhichItIsTold() {
        String present = router.get("/v1/map").body().get("map").toString();
        JsonNode same = plan("{\"map\": " + present + "}");
        assertThat(same.at("/groups/0/moves")).isEmpty();
        assertThat(same.at("/groups/0/movingBytes").asLong()).isZero();
        JsonNode moved = plan(
                "{\"map\": " + present.replace("[\"acme\"],\"shard\":\"s1\"", "[\"acme\"],\"shard\":\"s0\"") + "}");
        assertThat(moved.at("/groups/0/keys").toString())
                .isEqualTo("[{\"key\":[\"acme\"],\"from\":\"s1\",\"to\":\"s0\"}]");
        JsonNode swapped = plan("""
                {"map": {"version": 1, "placements": [
                  {"strategy": "HASH_RANGE", "ranges": [{"from": "-9223372036854775808", "shard": "s9"}], "virtualNodes": 0}]}}""");
        assertThat(swapped.at("/groups/0/moves").findValuesAsText("to")).isEqualTo(List.of("s9", "s9"));
        assertThat(swapped.at("/groups/0/moves/1/share").asDouble()).isEqualTo(1);
    }

    @Test
    void saysHowManyShardsALoadTakes() {
        JsonNode count = plan("{\"capacity\": {\"bytes\": 3e9, \"writesPerSecond\": 5000}}")
                .get("count");
        assertThat(count.get("needed").asDouble()).isEqualTo(6);
        assertThat(count.get("shards").asInt()).isEqualTo(16);
        assertThat(count.get("driver").asText()).isEqualTo("data");
        JsonNode writes = plan("""
                {"capacity": {"bytes": 3e12, "writesPerSecond": 5000, "readsPerSecond": 1e4, "readServers": 3},
                 "load": {"bytes": 3e12, "writesPerSecond": 10000, "readsPerSecond": 30000}}""").get("count");
        assertThat(writes.get("shards").asInt()).isEqualTo(4);
        assertThat(writes.get("driver").asText()).isEqualTo("writes");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {}                                               | the body is {"shards"
                    {                                                | the body is {"shards"
                    {"shard": 4}                                     | Unrecognized field "shard"
                    {"shards": "many"}                               | not a valid `java.lang.Integer` value
                    {"shards": 0}                                    | 1 to 256 shards, not 0
                    {"shards": 257}                                 | 1 to 256 shards, not 257
                    {"shards": 4, "map": {"version": 1}}             | either map or shards
                    {"load": {"bytes": 1}, "shards": 4}              | give capacity, too
                    {"map": {"version": 1}}                          | there is no placement
                    {"capacity": {"bytes": 0}}                       | capacity: a shard's bytes are more than 0
                    {"capacity": {"bytes": 1}, "load": {"bytes": -1}} | 0 or more, not -1
                    {"capacity": {"bytes": 1}, "load": {"bytes": 1e30}} | more than 1048576 shards
                    {"map": {"version": 1, "placements": [{"strategy": "HASH_RANGE", "virtualNodes": 0}]}} | at least one shard
                    {"map": {"version": 1, "placements": [{"strategy": "CONSISTENT_HASH", "shards": ["a"], "virtualNodes": 2000000}]}} | more than 1048576 positions
                    {"map": {"version": 1, "placements": [{"strategy": "CONSISTENT_HASH", "shards": ["a"], "virtualNodes": 20000}]}} | 1 to 10000 virtual nodes
                    {"map": {"version": 1, "placements": [{"strategy": "CONSISTENT_HASH", "shards": ["a"]}]}} | 1 to 10000 virtual nodes a shard, not 0
                    {"map": {"version": 1, "placements": [{"strategy": "HASH_RANGE", "shards": ["a"], "virtualNodes": -7}]}} | virtualNodes is the number of positions of each shard on a ring, and not -7
                    {"map": {"version": 1, "placements": [{"shards": ["a"]}]}} | a placement has a strategy: write HASH_RANGE or
                    {"map": {"version": 1, "placements": [{"strategy": "ORDERED_RANGE", "ranges": [{"shard": "a"}]}]}} | write rangeType, BIGINT or
                    {"map": {"version": 1, "placements": [{"strategy": "HASH_RANGE", "ranges": [{"from": "0"}]}]}} | a range belongs to a shard: write shard
                    {"map": {"version": 1, "placements": [null]}} | placements has an entry that is null
                    {"map": {"version": 1, "placements": [{"strategy": "HASH_RANGE", "shards": [null]}]}} | shards has an entry that is null
                    {"map": {"version": 1, "overrides": [{"shard": "a"}]}} | an override is of a key: write key
                    {"map": {"version": 1, "overrides": [{"key": ["7"]}]}} | an override gives its key to a shard: write shard
                    {"map": {"version": 1, "groups": [{}]}} | a group of tables has a name: write name
                    """)
    void refusesWhatIsNoPlan(String body, String detail) {
        Reply reply = router.post("/v1/plan", body);
        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(400);
        assertThat(reply.body().get("type").asText()).isEqualTo("urn:pgmosaic:problem:invalid-request");
        assertThat(reply.body().get("detail").asText()).contains(detail);
    }

    /** Positions that are below zero would make room for others. */
    @Test
    void boundsWhatAPlanTakes() {
        String ring = "{\"region\": \"%s\", \"strategy\": \"CONSISTENT_HASH\", \"virtualNodes\": 10000, \"shards\": ["
                + IntStream.range(0, 200).mapToObj(i -> "\"x" + i + "\"").collect(Collectors.joining(",")) + "]}";
        String below =
                "{\"region\": \"b\", \"strategy\": \"HASH_RANGE\", \"shards\": [\"x0\"], \"virtualNodes\": -2000000000}";
        assertThat(router.post(
                                "/v1/plan",
                                "{\"map\": {\"version\": 1, \"placements\": [" + ring.formatted("a") + "," + below
                                        + "]}}")
                        .status())
                .isEqualTo(400);
        String placement =
                "{\"region\": \"r%d\", \"strategy\": \"CONSISTENT_HASH\", \"shards\": [\"a\"], \"virtualNodes\": 1}";
        String many = IntStream.range(0, 65).mapToObj(placement::formatted).collect(Collectors.joining(","));
        Reply placements = router.post("/v1/plan", "{\"map\": {\"version\": 1, \"placements\": [" + many + "]}}");
        assertThat(placements.status()).isEqualTo(400);
        assertThat(placements.body().get("detail").asText())
                .contains("at most 64 placements, and each group of tables as many, not 65");
        String groups =
                IntStream.range(0, 9).mapToObj("{\"name\": \"g%d\"}"::formatted).collect(Collectors.joining(","));
        assertThat(router.post("/v1/plan", "{\"map\": {\"version\": 1, \"groups\": [" + groups + "]}}")
                        .body()
                        .get("detail")
                        .asText())
                .contains("at most 8 groups of tables, not 9");
    }

    /** Whatever is left out of a map or is nothing: an answer or a reason, never a defect. */
    @Test
    void takesNoOffenceAtWhatIsMissing() throws IOException {
        String map = """
                {"map": {"version": 1, "placements": [
                   {"strategy": "ORDERED_RANGE", "rangeType": "BIGINT", "dedicatedShards": ["d"],
                    "ranges": [{"from": "0", "until": "9", "shard": "a"}, {"from": "9", "shard": "b"}]}],
                  "overrides": [{"key": ["7"], "shard": "d"}],
                  "groups": [{"name": "log", "placements": [{"strategy": "CONSISTENT_HASH", "shards": ["a"], "virtualNodes": 3}],
                    "overrides": [{"key": ["8"], "shard": "a"}]}]}}""";
        ObjectMapper json = new ObjectMapper();
        List<String> paths = new ArrayList<>();
        collect(json.readTree(map), "", paths);
        assertThat(paths).hasSizeGreaterThan(25);
        for (String path : paths) {
            for (boolean absent : List.of(true, false)) {
                JsonNode changed = json.readTree(map);
                int cut = path.lastIndexOf('/');
                String last = path.substring(cut + 1);
                switch (changed.at(path.substring(0, cut))) {
                    case ObjectNode object when absent -> object.remove(last);
                    case ObjectNode object -> object.putNull(last);
                    case ArrayNode array when absent -> array.remove(Integer.parseInt(last));
                    case ArrayNode array -> array.setNull(Integer.parseInt(last));
                    default -> throw new AssertionError(path);
                }
                assertThat(router.post("/v1/plan", changed.toString()).status())
                        .as("%s %s", path, absent ? "left out" : "null")
                        .isIn(200, 400);
            }
        }
    }

    private static void collect(JsonNode node, String path, List<String> paths) {
        if (!path.isEmpty()) {
            paths.add(path);
        }
        node.properties().forEach(member -> collect(member.getValue(), path + "/" + member.getKey(), paths));
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            collect(node.get(i), path + "/" + i, paths);
        }
    }

    @Test
    void refusesToGuessASizeThatNobodyKnows(@TempDir Path folder) {
        try (InformedRouter unmeasured = InformedRouter.start(
                folder, Topologies.of(Topologies.map(1), measured("s0", 1), Topologies.healthy("s1", 1)))) {
            Reply reply = unmeasured.router().post("/v1/plan", "{\"capacity\": {\"bytes\": 3e9}}");
            assertThat(reply.body().get("detail").asText()).contains("the size of shard s1 is not known");
            JsonNode group = unmeasured
                    .router()
                    .post("/v1/plan", "{\"shards\": 4}")
                    .body()
                    .at("/groups/0");
            assertThat(group.has("bytes")).isFalse();
            assertThat(group.has("movingBytes")).isFalse();
            assertThat(group.at("/movingShare").asDouble()).isEqualTo(0.5);
        }
    }
}
