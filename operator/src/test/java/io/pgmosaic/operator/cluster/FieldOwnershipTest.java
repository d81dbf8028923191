package io.pgmosaic.operator.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.pgmosaic.api.schema.RealApiServer;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterSpec;
import io.pgmosaic.operator.desired.ClusterIntent;
import io.pgmosaic.operator.desired.DesiredObjects;
import io.pgmosaic.operator.validation.SpecCases;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

import static org.assertj.core.api.Assertions.assertThat;

/** The operator's objects beside other field managers, on a real kube-apiserver. */
@EnabledIfEnvironmentVariable(named = "KUBEBUILDER_ASSETS", matches = ".+")
class FieldOwnershipTest {
    private static final int PASSES = 10;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path directory;

    private static @Nullable RealApiServer server;
    private static @Nullable KubernetesClient client;
    private static final AtomicInteger WRITES = new AtomicInteger();

    private final List<HasMetadata> desired = desired();
    private ObjectApplier operator = new ObjectApplier(client(), Clock.systemUTC());

    @BeforeAll
    static void start() throws IOException, GeneralSecurityException {
        server = new RealApiServer(Path.of(System.getenv("KUBEBUILDER_ASSETS")), directory);
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl(server.url().toString())
                .withOauthToken(server.token())
                .withCaCertData(Files.readString(server.certificate()))
                .withNamespace("default")
                .build();
        client = new KubernetesClientBuilder()
                .withConfig(config)
                .withHttpClientBuilderConsumer(builder -> builder.addOrReplaceInterceptor("writes", new Interceptor() {
                    @Override
                    public void before(BasicBuilder request, HttpRequest sent, RequestTags tags) {
                        if (!sent.method().equals("GET")) {
                            WRITES.incrementAndGet();
                        }
                    }
                }))
                .build();
    }

    @AfterAll
    static void end() {
        if (client != null) {
            client.close();
        }
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void bringUp() throws ProblemException {
        pass();
    }

    @Test
    void applyingTheSameAgainWritesNothingAndChangesNothing() throws ProblemException {
        Map<String, String> versions = versions();
        assertThat(writesOfManyPasses()).isZero();
        operator = new ObjectApplier(client(), Clock.systemUTC());
        pass();
        assertThat(versions())
                .as("after an operator that does not know what another applied")
                .isEqualTo(versions);
    }

    @Test
    void whatAnotherManagerAddsStaysAndIsNoReasonToWrite() throws ProblemException {
        another(
                "{\"metadata\":{\"annotations\":{\"team\":\"billing\"},\"labels\":{\"cost\":\"42\"}},"
                        + "\"spec\":{\"template\":{\"metadata\":{\"annotations\":{\"scrape\":\"yes\"}}}}}",
                false);
        writesOfManyPasses();
        assertThat(writesOfManyPasses()).isZero();
        operator = new ObjectApplier(client(), Clock.systemUTC());
        pass();
        assertThat(statefulSet().getMetadata().getAnnotations()).containsEntry("team", "billing");
        assertThat(statefulSet().getMetadata().getLabels()).containsEntry("cost", "42");
        assertThat(statefulSet().getSpec().getTemplate().getMetadata().getAnnotations())
                .containsEntry("scrape", "yes");
    }

    @Test
    void aFieldOfTheOperatorsThatAnotherTakesIsTakenBackWithOneWrite() throws ProblemException {
        another("{\"spec\":{\"replicas\":7}}", true);
        assertThat(statefulSet().getSpec().getReplicas()).isEqualTo(7);
        assertThat(writesOfManyPasses()).isEqualTo(1);
        assertThat(statefulSet().getSpec().getReplicas()).isEqualTo(5);
        assertThat(writesOfManyPasses()).isZero();
    }

    private int writesOfManyPasses() throws ProblemException {
        int before = WRITES.get();
        for (int i = 0; i < PASSES; i++) {
            pass();
        }
        return WRITES.get() - before;
    }

    /** As a pass of the reconciler does, with caches that are current. */
    private void pass() throws ProblemException {
        for (HasMetadata object : desired) {
            operator.apply(object, client().resource(object).get());
        }
    }

    private static void another(String fields, boolean force) {
        String object = "{\"apiVersion\":\"apps/v1\",\"kind\":\"StatefulSet\"," + fields.substring(1);
        String path = "/apis/apps/v1/namespaces/default/statefulsets/orders-s0";
        var answer = Objects.requireNonNull(server).apply(path, "another" + (force ? "&force=true" : ""), object);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private static StatefulSet statefulSet() {
        return client().apps().statefulSets().withName("orders-s0").get();
    }

    private Map<String, String> versions() {
        return desired.stream()
                .collect(Collectors.toMap(
                        object -> object.getKind() + " " + object.getMetadata().getName(),
                        object -> client().resource(object).get().getMetadata().getResourceVersion()));
    }

    private static List<HasMetadata> desired() {
        ShardedClusterSpec spec = SpecCases.parse(SpecCases.full());
        SequencedMap<String, Integer> replicas = new LinkedHashMap<>();
        spec.shards().shardNames().forEach(shard -> replicas.put(shard, spec.instancesPerShard()));
        return DesiredObjects.of(
                new ClusterIntent("default", "orders", "11111111-1111-1111-1111-111111111111", spec, "image"),
                replicas,
                List.of("https://operator.example.org:8443"));
    }

    private static KubernetesClient client() {
        return Objects.requireNonNull(client);
    }
}
