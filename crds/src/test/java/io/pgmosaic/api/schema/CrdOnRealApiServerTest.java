package io.pgmosaic.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** The definitions on a real kube-apiserver: it takes them, fills in their defaults, and every rule of theirs fires. */
class CrdOnRealApiServerTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> PLURALS = List.of("shardedclusters", "shardsplits", "schemamigrations");
    private static final String DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private static final String RESOURCES = "/apis/pgmosaic.io/v1alpha1/namespaces/default/";
    private static final String CLUSTERS = RESOURCES + "shardedclusters";
    private static final Set<String> SEEN = new HashSet<>();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path directory;

    private static @Nullable RealApiServer server;

    @BeforeAll
    static void startAndDefine() throws IOException, GeneralSecurityException {
        String assets = System.getenv("KUBEBUILDER_ASSETS");
        boolean usable = assets != null && Files.isExecutable(Path.of(assets, "kube-apiserver"));
        if (!usable) {
            System.out.println(
                    "SKIPPED: the CustomResourceDefinitions are not tried on a real API server. To try them, run"
                            + " crds/src/test/sh/build-api-server.sh and set KUBEBUILDER_ASSETS to the folder that it prints.");
        }
        assumeTrue(usable, "KUBEBUILDER_ASSETS does not point at a folder with etcd and kube-apiserver");
        server = new RealApiServer(Path.of(Objects.requireNonNull(assets)), directory);
        for (String plural : PLURALS) {
            HttpResponse<String> answer =
                    server().send("POST", DEFINITIONS, definition(plural).toString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        }
        for (String plural : PLURALS) {
            Awaitility.await(plural + " are served")
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> server().send("GET", "/apis/pgmosaic.io/v1alpha1/" + plural, "")
                                    .statusCode()
                            == 200);
        }
    }

    @AfterAll
    static void everyRuleHasFired() throws IOException {
        if (server == null) {
            return;
        }
        server().close();
        String answers = String.join("\n", SEEN);
        for (String plural : PLURALS) {
            assertThat(messages(definition(plural)))
                    .as("rules of %s that no case breaks", plural)
                    .allSatisfy(message -> assertThat(answers).contains(message));
        }
    }

    @AfterEach
    void forget() {
        if (server != null) {
            PLURALS.forEach(plural -> server().send("DELETE", RESOURCES + plural, ""));
        }
    }

    static Stream<SpecCases.Case> refused() {
        return Stream.of(SpecCases.refused(), SpecCases.refused("ShardSplit"), SpecCases.refused("SchemaMigration"))
                .flatMap(List::stream);
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refuses(SpecCases.Case refused) {
        HttpResponse<String> answer = apply(refused);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
        String message = message(answer);
        SEEN.add(message);
        assertThat(message).contains(Objects.requireNonNull(refused.schema()));
    }

    @ParameterizedTest
    @MethodSource("io.pgmosaic.api.schema.SpecCases#accepted")
    void accepts(SpecCases.Case accepted) {
        HttpResponse<String> answer = apply(accepted);
        assertThat(answer.statusCode()).as(answer.body()).isIn(200, 201);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"spec\":{\"colour\":\"red\"}}", "{\"spec\":{\"sharding\":{\"hash\":\"md5\"}}}"})
    void refusesFieldsThatItDoesNotKnowWhenAskedToBeStrict(String patch) throws IOException {
        SpecCases.Case minimal = SpecCases.accepted().getFirst();
        JsonNode document =
                JSON.readerForUpdating(minimal.document().deepCopy()).readTree(patch);
        HttpResponse<String> answer = server().send("POST", CLUSTERS + "?fieldValidation=Strict", document.toString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(message(answer)).contains("unknown field");
    }

    static Stream<JsonNode> examples() throws IOException {
        return Examples.documents("pgmosaic.io/v1alpha1");
    }

    @ParameterizedTest
    @MethodSource("examples")
    void acceptsTheExamplesStrictly(JsonNode example) {
        String plural = example.get("kind").asText().toLowerCase(Locale.ROOT) + "s";
        HttpResponse<String> answer = server().send(
                        "POST",
                        "/apis/pgmosaic.io/v1alpha1/namespaces/default/" + plural + "?fieldValidation=Strict",
                        example.toString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    @ParameterizedTest
    @MethodSource("examples")
    void isNotChangedByApplyingTheSameAgain(JsonNode example) {
        String path = RESOURCES + example.get("kind").asText().toLowerCase(Locale.ROOT) + "s/"
                + example.at("/metadata/name").asText();
        HttpResponse<String> first = server().apply(path, "gitops", example.toString());
        assertThat(first.statusCode()).as(first.body()).isEqualTo(201);
        ObjectNode looked = (ObjectNode) read(first);
        looked.withObject("/status").put("observedGeneration", 1);
        HttpResponse<String> before = server().send("PUT", path + "/status", looked.toString());
        assertThat(before.statusCode()).as(before.body()).isEqualTo(200);
        HttpResponse<String> second = server().apply(path, "gitops", example.toString());
        assertThat(second.statusCode()).as(second.body()).isEqualTo(200);
        assertThat(read(second)).isEqualTo(read(before));
    }

    /** Without it, who waits for a cluster as kstatus does takes one for done at which nobody has looked. */
    @Test
    void aClusterThatNobodyLookedAtSaysSo() {
        HttpResponse<String> created = apply(SpecCases.accepted().getFirst());
        assertThat(read(created).at("/status/observedGeneration").asLong()).isEqualTo(-1);
        assertThat(read(created).at("/metadata/generation").asLong()).isEqualTo(1);
    }

    @Test
    void fillsInTheDefaults() throws IOException {
        HttpResponse<String> answer = apply(SpecCases.accepted().getFirst());
        JsonNode spec = JSON.readTree(answer.body()).get("spec");
        assertThat(spec.at("/database").asText()).isEqualTo("app");
        assertThat(spec.at("/instancesPerShard").asInt()).isEqualTo(3);
        assertThat(spec.at("/replication/mode").asText()).isEqualTo("SemiSync");
        assertThat(spec.at("/failover/leaseDuration").asText()).isEqualTo("6s");
        assertThat(spec.at("/update/maxShards").asInt()).isEqualTo(1);
        assertThat(spec.at("/sharding/tables/0/schema").asText()).isEqualTo("public");
    }

    private static HttpResponse<String> apply(SpecCases.Case entry) {
        String path = RESOURCES + entry.document().get("kind").asText().toLowerCase(Locale.ROOT) + "s";
        JsonNode before = entry.before();
        if (before == null) {
            return server().send("POST", path, entry.document().toString());
        }
        HttpResponse<String> created = server().send("POST", path, before.toString());
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        JsonNode stored = read(created);
        ((ObjectNode) stored).set("spec", entry.document().get("spec"));
        return server().send("PUT", path + "/" + stored.at("/metadata/name").asText(), stored.toString());
    }

    private static RealApiServer server() {
        return Objects.requireNonNull(server);
    }

    private static JsonNode definition(String plural) throws IOException {
        String name = "/META-INF/fabric8/" + plural + ".pgmosaic.io-v1.yml";
        try (InputStream file = Objects.requireNonNull(CrdOnRealApiServerTest.class.getResourceAsStream(name), name)) {
            return Serialization.unmarshal(file, JsonNode.class);
        }
    }

    private static Set<String> messages(JsonNode definition) {
        return definition.findValues("x-kubernetes-validations").stream()
                .flatMap(rules -> rules.findValuesAsText("message").stream())
                .collect(Collectors.toSet());
    }

    private static String message(HttpResponse<String> answer) {
        return read(answer).path("message").asText();
    }

    private static JsonNode read(HttpResponse<String> answer) {
        try {
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
