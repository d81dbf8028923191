package io.pgmosaic.operator.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** Text that would break out of SQL, a shell, a file or a terminal is refused in every field that reaches one. */
class HostileTextTest {
    private static final List<String> HOSTILE = List.of(
            "a'b",
            "a\"b",
            "a;b",
            "a b",
            "a\nb",
            "ab\n",
            "a\u0000b",
            "a\\b",
            "$(id)",
            "`id`",
            "../a",
            "a\u202eb",
            "é",
            "a".repeat(10_240));

    private static final List<String> FIELDS = List.of(
            "/database",
            "/owner",
            "/postgres/image",
            "/shards/names/0",
            "/storage/size",
            "/storage/storageClassName",
            "/credentials/superuserSecret/name",
            "/credentials/applicationSecret/name",
            "/initSql/configMapRefs/0/name",
            "/initSql/configMapRefs/0/key",
            "/sharding/tables/0/schema",
            "/sharding/tables/0/name",
            "/sharding/tables/0/key/0/column",
            "/sharding/referenceTables/0/schema",
            "/sharding/referenceTables/0/name",
            "/sharding/overrides/0/key/0",
            "/sharding/overrides/0/shard",
            "/switchover/0/shard",
            "/switchover/0/to",
            "/fencing/instances/0",
            "/fencing/shards/0",
            "/failover/fencingJob/timeout",
            "/failover/detectionTime",
            "/failover/restartGrace",
            "/failover/leaseDuration",
            "/routing/maxReplicaLag",
            "/routing/readYourWritesWindow",
            "/tls/certificateLifetime",
            "/tls/renewBefore");

    static Stream<Arguments> hostileFields() {
        return FIELDS.stream().flatMap(field -> HOSTILE.stream().map(text -> Arguments.of(field, text)));
    }

    /** The baseline that the hostile text is put into is well-formed. */
    @Test
    void theBaselineIsAccepted() {
        assertThat(ClusterSpecRules.problems("orders", SpecCases.parse(baseline()), null))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("hostileFields")
    void isRefused(String field, String text) {
        ObjectNode spec = baseline();
        put(spec, field, text);
        List<Problem> problems = ClusterSpecRules.problems("orders", SpecCases.parse(spec), null);
        String path = "spec" + field.replaceAll("/[0-9]+", "").replace('/', '.');
        assertThat(problems).as("problems of %s", path).anyMatch(problem -> problem.field()
                .startsWith(path));
        assertThat(problems).allSatisfy(problem -> {
            assertThat(problem.message().chars()).allMatch(character -> character >= ' ' && character <= '~');
            assertThat(problem.message().length()).isLessThan(400);
        });
    }

    static Stream<String> hostile() {
        return HOSTILE.stream();
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void isRefusedAsTheClustersName(String text) {
        assertThat(ClusterSpecRules.problems(text, SpecCases.parse(baseline()), null))
                .anyMatch(problem -> problem.field().equals("metadata.name"));
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void isRefusedAsAParametersName(String text) {
        ObjectNode spec = baseline();
        spec.withObject("/postgres/parameters").put(text, "1");
        assertThat(ClusterSpecRules.problems("orders", SpecCases.parse(spec), null))
                .anyMatch(problem -> problem.field().equals("spec.postgres.parameters"));
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void isRefusedAsAParametersValueUnlessItStaysOnItsLine(String text) {
        ObjectNode spec = baseline();
        spec.withObject("/postgres/parameters").put("log_min_messages", text);
        boolean oneLine = text.chars().noneMatch(character -> character < ' ') && text.length() < 1024;
        assertThat(ClusterSpecRules.problems("orders", SpecCases.parse(spec), null)
                        .isEmpty())
                .isEqualTo(oneLine);
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void isRefusedInANodeSelector(String text) {
        ObjectNode key = baseline();
        key.withObject("/scheduling/nodeSelector").put(text, "x");
        assertThat(ClusterSpecRules.problems("orders", SpecCases.parse(key), null))
                .isNotEmpty();
        ObjectNode value = baseline();
        value.withObject("/scheduling/nodeSelector").put("disk", text);
        assertThat(ClusterSpecRules.problems("orders", SpecCases.parse(value), null))
                .isNotEmpty();
    }

    @Test
    void nulIsRefusedInSql() {
        ObjectNode spec = baseline();
        spec.withObject("/initSql").put("sql", "SELECT 1\u0000");
        assertThat(ClusterSpecRules.problems("orders", SpecCases.parse(spec), null))
                .anyMatch(problem -> problem.message().contains("NUL"));
    }

    private static ObjectNode baseline() {
        ObjectNode spec = SpecCases.full().deepCopy();
        spec.withObject("/shards").removeAll().putArray("names").add("s0").add("s1");
        spec.withObject("/credentials").putObject("applicationSecret").put("name", "application");
        spec.putArray("switchover").addObject().put("shard", "s0").put("to", "orders-s0-1");
        ObjectNode fencing = spec.putObject("fencing");
        fencing.putArray("instances").add("orders-s0-2");
        fencing.putArray("shards").add("s1");
        ObjectNode job = spec.withObject("/failover").putObject("fencingJob");
        job.withObject("/template/spec")
                .putArray("containers")
                .addObject()
                .put("name", "off")
                .put("image", "off:1");
        ObjectNode sharding = spec.withObject("/sharding");
        sharding.putArray("referenceTables").addObject().put("name", "countries");
        ObjectNode override = sharding.putArray("overrides").addObject().put("shard", "s1");
        override.putArray("key").add("7");
        return spec;
    }

    private static void put(ObjectNode root, String pointer, String text) {
        int last = pointer.lastIndexOf('/');
        String name = pointer.substring(last + 1);
        JsonNode parent = last == 0 ? root : root.at(pointer.substring(0, last));
        if (parent instanceof ArrayNode array) {
            array.set(Integer.parseInt(name), text);
        } else if (parent instanceof ObjectNode object) {
            object.put(name, text);
        } else {
            root.withObject(pointer.substring(0, last)).put(name, text);
        }
    }
}
