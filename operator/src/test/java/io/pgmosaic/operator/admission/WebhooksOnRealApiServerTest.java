package io.pgmosaic.operator.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Event;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterSpec;
import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.access.ServiceAccountTokens;
import io.pgmosaic.operator.access.TopologyAccess;
import io.pgmosaic.operator.cluster.KnownClusters;
import io.pgmosaic.operator.event.EventRecorder;
import io.pgmosaic.operator.injection.Pods;
import io.pgmosaic.operator.validation.SpecCases;
import io.vertx.core.Vertx;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What the chart installs and the operator answers, as a real kube-apiserver takes it, with the operator's permissions. */
@Timeout(300)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class WebhooksOnRealApiServerTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ClusterKey ORDERS = new ClusterKey("shop", "orders");
    private static final AtomicInteger NAMES = new AtomicInteger();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path directory;

    private static @Nullable InstalledChart installed;
    private static @Nullable Webhooks webhooks;
    private static @Nullable EventRecorder events;
    private static final Vertx VERTX = Vertx.vertx();
    private static volatile Optional<ShardedClusterSpec> running = Optional.empty();

    @BeforeAll
    static void install() throws IOException, GeneralSecurityException {
        Optional<Path> assets = InstalledChart.assets();
        if (assets.isEmpty()) {
            System.out.println("SKIPPED: the webhooks are not tried on a real API server. To try them, run"
                    + " crds/src/test/sh/build-api-server.sh and set KUBEBUILDER_ASSETS to the folder that it prints.");
        }
        assumeTrue(assets.isPresent(), "KUBEBUILDER_ASSETS does not point at a folder with etcd and kube-apiserver");
        InstalledChart chart = new InstalledChart(assets.get(), directory);
        installed = chart;
        chart.create("/apis/pgmosaic.io/v1alpha1/namespaces/shop/shardedclusters", cluster("orders", "{}"));
        events = new EventRecorder(chart.operator(), "operator-7", Clock.systemUTC());
        KnownClusters known = new KnownClusters(cached -> false, chart.operator());
        webhooks = new Webhooks(
                VERTX,
                chart.operator(),
                chart.settings(),
                chart.identity(),
                known::contain,
                cluster -> running,
                new InjectionRefusals(events, Clock.systemUTC()),
                new SimpleMeterRegistry());
        assertThat(bundles()).as("before the operator has looked").containsOnly("");
        webhooks.start();
    }

    @AfterAll
    static void end() {
        if (webhooks != null) {
            webhooks.close();
        }
        if (events != null) {
            events.close();
        }
        VERTX.close().toCompletionStage().toCompletableFuture().join();
        if (installed != null) {
            installed.close();
        }
    }

    private static InstalledChart chart() {
        return Objects.requireNonNull(installed);
    }

    private static ObjectNode cluster(String name, String patch) throws IOException {
        ObjectNode cluster = JSON.createObjectNode();
        cluster.put("apiVersion", "pgmosaic.io/v1alpha1").put("kind", "ShardedCluster");
        cluster.withObject("/metadata").put("name", name);
        JsonNode spec = SpecCases.accepted().findFirst().orElseThrow().spec().deepCopy();
        cluster.set("spec", JSON.readerForUpdating(spec).readTree(patch));
        return cluster;
    }

    private static ObjectNode named(ObjectNode pod) {
        pod.withObject("/metadata").put("name", "pod-" + NAMES.incrementAndGet());
        return pod;
    }

    private static HttpResponse<String> post(String namespace, ObjectNode pod) {
        return chart().api()
                .send(
                        "POST",
                        "/api/v1/namespaces/" + namespace + "/pods",
                        named(pod).toString());
    }

    private static JsonNode created(HttpResponse<String> answer) throws IOException {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return JSON.readTree(answer.body());
    }

    private static List<String> containers(JsonNode pod) {
        return Stream.of("initContainers", "containers")
                .flatMap(list -> pod.path("spec").path(list).findValuesAsText("name").stream())
                .filter(name -> name.equals("pgmosaic-router") || name.equals("api"))
                .toList();
    }

    private static List<String> bundles() {
        return Stream.of("mutating", "validating")
                .map(kind -> chart().get("/apis/admissionregistration.k8s.io/v1/" + kind
                        + "webhookconfigurations/pgmosaic-operator.operators"))
                .map(configuration ->
                        configuration.at("/webhooks/0/clientConfig/caBundle").asText())
                .toList();
    }

    /** How often the API server called the webhook for pods. */
    private static double calls() {
        return Pattern.compile(
                        "(?m)^apiserver_admission_webhook_request_total\\{[^}]*name=\"inject\\.pgmosaic\\.io\"[^}]*} (\\S+)")
                .matcher(chart().api().send("GET", "/metrics", "").body())
                .results()
                .mapToDouble(count -> Double.parseDouble(count.group(1)))
                .sum();
    }

    @Test
    @Order(1)
    void aPodWithTheLabelGetsTheRouter() throws IOException {
        JsonNode pod = created(post("shop", Pods.application()));
        assertThat(containers(pod)).containsExactly("pgmosaic-router", "api");
        JsonNode router = pod.at("/spec/initContainers/0");
        assertThat(router.path("restartPolicy").asText()).isEqualTo("Always");
        assertThat(router.path("image").asText()).isEqualTo("registry.example.org/pgmosaic/router:test");
        assertThat(router.at("/resources/requests/memory").asText()).isEqualTo("128Mi");
        assertThat(router.at("/securityContext/runAsUser").asLong()).isEqualTo(65_532);
        assertThat(router.at("/env/2/value").asText())
                .isEqualTo("https://pgmosaic-operator-topology.operators.svc:8443");
        assertThat(pod.at("/metadata/annotations/pgmosaic.io~1injected").asText())
                .isEqualTo("shop/orders");
    }

    @Test
    @Order(2)
    void aPodOfAnotherNamespaceGetsItByTheAnnotation() throws IOException {
        JsonNode pod = created(post("web", Pods.annotated("shop/orders")));
        assertThat(containers(pod)).containsExactly("pgmosaic-router", "api");
        assertThat(pod.at("/metadata/annotations/pgmosaic.io~1topology-ca").asText())
                .isEqualTo(chart().identity().authorityPem());
    }

    @Test
    @Order(3)
    void noOtherPodIsEverSent() throws IOException {
        created(post("shop", Pods.application()));
        double before = calls();
        assertThat(before).isPositive();
        ObjectNode plain = Pods.annotated("orders");
        plain.withObject("/metadata").remove("annotations");
        ObjectNode bare = plain.deepCopy();
        bare.withObject("/metadata").remove("labels");
        for (ObjectNode pod : List.of(plain, bare)) {
            assertThat(containers(created(post("shop", pod)))).containsExactly("api");
        }
        assertThat(calls()).isEqualTo(before);
    }

    /** The namespace shop is labelled so that the API server refuses what does not meet the restricted standard. */
    @Test
    @Order(3)
    void theStandardIsEnforcedAndTheExamplesAreTakenStrictly() throws IOException {
        ObjectNode loose = Pods.application();
        ((ObjectNode) loose.at("/spec")).remove("securityContext");
        assertThat(post("shop", loose).statusCode()).isEqualTo(403);
        assertThat(containers(created(post("shop", Pods.ofExample("application-without-webhook.yaml")))))
                .containsExactly("pgmosaic-router", "api");
        for (String example : List.of("application.yaml", "application-without-webhook.yaml")) {
            HttpResponse<String> answer = chart().api()
                    .send(
                            "POST",
                            "/apis/apps/v1/namespaces/shop/deployments?dryRun=All&fieldValidation=Strict",
                            Pods.example(example).toString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
            assertThat(answer.headers().allValues("warning")).as(example).isEmpty();
        }
    }

    @Test
    @Order(4)
    void aPodThatCannotBeGivenOneIsLetInAndItsControllerTold() throws IOException {
        ObjectNode pod = Pods.annotated("invoices");
        pod.withObject("/metadata")
                .putArray("ownerReferences")
                .addObject()
                .put("apiVersion", "apps/v1")
                .put("kind", "ReplicaSet")
                .put("name", "shop-api-1")
                .put("uid", "uid-1")
                .put("controller", true);
        HttpResponse<String> answer = post("shop", pod);
        assertThat(containers(created(answer))).containsExactly("api");
        assertThat(answer.headers().allValues("warning")).singleElement().satisfies(warning -> assertThat(warning)
                .contains("no router of shop/invoices"));
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> !told().isEmpty());
        assertThat(told().getFirst().getMessage()).contains("no router of shop/invoices");
    }

    private static List<Event> told() {
        return chart().administrator().v1().events().inNamespace("shop").list().getItems().stream()
                .filter(event -> event.getReason().equals("RouterNotInjected"))
                .toList();
    }

    @Test
    @Order(5)
    void theAuthorityIsPutBackWhereverItIsMissing() throws IOException {
        List<String> own = bundles();
        assertThat(own).doesNotContain("");
        chart().applyWebhooks();
        assertThat(bundles()).as("after an upgrade, which does not know it").isEqualTo(own);
        for (String kind : List.of("mutating", "validating")) {
            String path = "/apis/admissionregistration.k8s.io/v1/" + kind
                    + "webhookconfigurations/pgmosaic-operator.operators";
            ObjectNode configuration = (ObjectNode) chart().get(path);
            ((ObjectNode) configuration.at("/webhooks/0/clientConfig")).put("caBundle", "");
            assertThat(chart().api().send("PUT", path, configuration.toString()).statusCode())
                    .isEqualTo(200);
        }
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> bundles().equals(own));
    }

    @Test
    @Order(6)
    void aClusterIsRefusedForWhatOnlyTheOperatorSees() throws IOException {
        String path = "/apis/pgmosaic.io/v1alpha1/namespaces/shop/shardedclusters";
        HttpResponse<String> answer = chart().api()
                .send(
                        "POST",
                        path,
                        cluster("hostile", "{\"postgres\":{\"parameters\":{\"mosaic.term\":\"9\"}}}")
                                .toString());
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.body())
                .contains("spec.postgres.parameters.mosaic.term")
                .contains("belong to the operator");

        ShardedCluster stored = chart().administrator()
                .resources(ShardedCluster.class)
                .inNamespace("shop")
                .withName("orders")
                .get();
        running = Optional.of(stored.getSpec());
        HttpResponse<String> relabelled = chart().api()
                .send("PUT", path + "/orders", chart().get(path + "/orders").toString());
        assertThat(relabelled.statusCode()).as(relabelled.body()).isEqualTo(200);
    }

    @Test
    @Order(7)
    void theTopologyOpensToTheTokensOfThoseWhoMayReadIt() throws IOException {
        KnownClusters known = new KnownClusters(cached -> false, chart().operator());
        TopologyAccess access = new TopologyAccess(
                (cluster, token) -> false,
                new ServiceAccountTokens(chart().operator(), Clock.systemUTC()),
                known::contain);
        assertThat(access.refusal(ORDERS, chart().token("shop", "default", "pgmosaic-topology")))
                .isNull();
        assertThat(access.refusal(ORDERS, chart().token("shop", "default", "https://kubernetes.default.svc")))
                .contains("for the audience pgmosaic-topology");
        assertThat(access.refusal(
                        new ClusterKey("shop", "gone"), chart().token("shop", "default", "pgmosaic-topology")))
                .contains("there is no topology of shop/gone");
        assertThat(access.refusal(ORDERS, chart().token("web", "default", "pgmosaic-topology")))
                .contains("system:serviceaccount:web:default may not read the topology of shop/orders; grant it");
        chart().grantTopology("shop", "web", "default");
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> access.refusal(ORDERS, chart().token("web", "default", "pgmosaic-topology")) == null);
    }

    @Test
    @Order(8)
    void whileNoOperatorAnswersPodsStartWithoutOne() throws IOException {
        Objects.requireNonNull(webhooks).close();
        webhooks = null;
        assertThat(containers(created(post("shop", Pods.application())))).containsExactly("api");
    }
}
