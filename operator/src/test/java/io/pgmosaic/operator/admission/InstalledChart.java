package io.pgmosaic.operator.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.pgmosaic.api.schema.RealApiServer;
import io.pgmosaic.operator.OperatorSettings;
import io.pgmosaic.operator.cluster.OperatorIdentity;
import io.pgmosaic.operator.cluster.Secrets;
import io.pgmosaic.operator.validation.SpecCases;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import org.awaitility.Awaitility;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The chart as helm renders it, on a real API server without nodes: its permissions, its webhooks, and the settings that its
 * Deployment would give the operator. The webhooks' Service leads to this process, at a port of its own.
 */
final class InstalledChart implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NAMESPACE = "operators";
    private static final Set<String> NOT_INSTALLED =
            Set.of("Deployment", "Pod", "Service", "NetworkPolicy", "PodDisruptionBudget");

    private final RealApiServer api;
    private final List<ObjectNode> manifests;
    private final int port;
    private final KubernetesClient administrator;
    private final KubernetesClient operator;
    private final OperatorSettings settings;
    private final OperatorIdentity identity;

    InstalledChart(Path assets, Path directory) throws IOException, GeneralSecurityException {
        manifests = rendered();
        port = freePort();
        api = new RealApiServer(assets, directory);
        try {
            administrator = client(api.token());
            for (String namespace : List.of("shop", "web", NAMESPACE)) {
                ObjectNode created = object("v1", "Namespace", namespace);
                created.withObject("/metadata/labels").put("pod-security.kubernetes.io/enforce", "restricted");
                create("/api/v1/namespaces", created);
                create(
                        "/api/v1/namespaces/" + namespace + "/serviceaccounts",
                        object("v1", "ServiceAccount", "default"));
            }
            define();
            routeTheWebhooksHere();
            manifests.stream()
                    .filter(manifest ->
                            !NOT_INSTALLED.contains(manifest.path("kind").asText()))
                    .forEach(this::apply);
            operator = client(token(NAMESPACE, "pgmosaic-operator", "https://kubernetes.default.svc"));
            settings = settingsOfTheDeployment();
            identity = OperatorIdentity.load(new Secrets(operator), NAMESPACE, Clock.systemUTC());
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            api.close();
            throw e;
        }
    }

    /** The folder of binaries, if this machine has been told of one. */
    static Optional<Path> assets() {
        return Optional.ofNullable(System.getenv("KUBEBUILDER_ASSETS"))
                .map(Path::of)
                .filter(folder -> Files.isExecutable(folder.resolve("kube-apiserver")));
    }

    RealApiServer api() {
        return api;
    }

    KubernetesClient administrator() {
        return administrator;
    }

    /** With the permissions that the chart grants. */
    KubernetesClient operator() {
        return operator;
    }

    OperatorSettings settings() {
        return settings;
    }

    OperatorIdentity identity() {
        return identity;
    }

    JsonNode get(String path) {
        HttpResponse<String> answer = api.send("GET", path, "");
        if (answer.statusCode() != 200) {
            throw new AssertionError(path + ": " + answer.body());
        }
        return read(answer.body());
    }

    void create(String path, JsonNode object) {
        HttpResponse<String> answer = api.send("POST", path, object.toString());
        if (answer.statusCode() != 201) {
            throw new AssertionError(path + ": " + answer.body());
        }
    }

    /** A new token of a service account. */
    String token(String namespace, String account, String audience) {
        TokenRequest request = new TokenRequestBuilder()
                .withNewSpec()
                .withAudiences(audience)
                .withExpirationSeconds(3_600L)
                .endSpec()
                .build();
        ServiceAccount owner = administrator
                .serviceAccounts()
                .inNamespace(namespace)
                .withName(account)
                .get();
        String path = "/api/v1/namespaces/" + namespace + "/serviceaccounts/"
                + owner.getMetadata().getName() + "/token";
        HttpResponse<String> answer = api.send("POST", path, new KubernetesSerialization().asJson(request));
        return read(answer.body()).at("/status/token").asText();
    }

    /** Lets an account of another namespace read the topologies of one, as the operator's refusal says. */
    void grantTopology(String namespace, String ofNamespace, String account) {
        ObjectNode role = object("rbac.authorization.k8s.io/v1", "Role", "topology");
        ObjectNode rule = role.putArray("rules").addObject();
        rule.putArray("apiGroups").add("pgmosaic.io");
        rule.putArray("resources").add("shardedclusters/topology");
        rule.putArray("verbs").add("get");
        create("/apis/rbac.authorization.k8s.io/v1/namespaces/" + namespace + "/roles", role);
        ObjectNode binding = object("rbac.authorization.k8s.io/v1", "RoleBinding", "topology");
        binding.putObject("roleRef")
                .put("apiGroup", "rbac.authorization.k8s.io")
                .put("kind", "Role")
                .put("name", "topology");
        binding.putArray("subjects")
                .addObject()
                .put("kind", "ServiceAccount")
                .put("name", account)
                .put("namespace", ofNamespace);
        create("/apis/rbac.authorization.k8s.io/v1/namespaces/" + namespace + "/rolebindings", binding);
    }

    /** As an upgrade does. */
    void applyWebhooks() {
        manifests.stream()
                .filter(manifest -> manifest.path("kind").asText().endsWith("WebhookConfiguration"))
                .forEach(this::apply);
    }

    private void apply(ObjectNode manifest) {
        if (manifest.path("kind").asText().endsWith("WebhookConfiguration")) {
            ((ObjectNode) manifest.at("/webhooks/0/clientConfig/service")).put("port", port);
        }
        HasMetadata object = new KubernetesSerialization().unmarshal(manifest.toString());
        administrator.resource(object).fieldManager("helm").forceConflicts().serverSideApply();
    }

    private void define() throws IOException {
        String name = "shardedclusters.pgmosaic.io-v1.yml";
        String text = Files.readString(
                SpecCases.repository().resolve("helm/pgmosaic/crds").resolve(name));
        create(
                "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
                new KubernetesSerialization().unmarshal(text, JsonNode.class));
        Awaitility.await("shardedclusters are served")
                .atMost(Duration.ofMinutes(1))
                .until(() -> api.send("GET", "/apis/pgmosaic.io/v1alpha1/shardedclusters", "")
                                .statusCode()
                        == 200);
    }

    /** An API server without nodes cannot reach a cluster address, but it follows a name. */
    private void routeTheWebhooksHere() {
        ObjectNode service = object("v1", "Service", "pgmosaic-operator-admission");
        service.putObject("spec").put("type", "ExternalName").put("externalName", "localhost");
        create("/api/v1/namespaces/" + NAMESPACE + "/services", service);
    }

    private OperatorSettings settingsOfTheDeployment() {
        Map<String, String> environment = new HashMap<>();
        for (ObjectNode manifest : manifests) {
            if (manifest.path("kind").asText().equals("Deployment")) {
                for (JsonNode variable : manifest.at("/spec/template/spec/containers/0/env")) {
                    if (variable.has("value")) {
                        environment.put(
                                variable.get("name").asText(),
                                variable.get("value").asText());
                    }
                }
            }
        }
        environment.put("PGMOSAIC_NAMESPACE", NAMESPACE);
        environment.put("PGMOSAIC_ADMISSION_HOST", "127.0.0.1");
        environment.put("PGMOSAIC_ADMISSION_PORT", Integer.toString(port));
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .withMapping(OperatorSettings.class)
                .withSources(new EnvConfigSource(environment, 300))
                .build()
                .getConfigMapping(OperatorSettings.class);
    }

    private KubernetesClient client(String token) {
        return new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder()
                        .withAutoConfigure(false)
                        .withMasterUrl(api.url().toString())
                        .withOauthToken(token)
                        .withCaCertFile(api.certificate().toString())
                        .build())
                .build();
    }

    private static ObjectNode object(String apiVersion, String kind, String name) {
        ObjectNode object =
                JSON.createObjectNode().put("apiVersion", apiVersion).put("kind", kind);
        object.withObject("/metadata").put("name", name);
        return object;
    }

    private static List<ObjectNode> rendered() throws IOException {
        Path repository = SpecCases.repository();
        String helm = run(List.of(
                        "bash", repository.resolve("scripts/fetch-tool").toString(), "helm"))
                .strip();
        String text = run(List.of(
                helm,
                "template",
                "release",
                repository.resolve("helm/pgmosaic").toString(),
                "--namespace",
                NAMESPACE,
                "--set",
                "validation.enabled=true,routerImage=registry.example.org/pgmosaic/router:test"));
        List<ObjectNode> objects = new ArrayList<>();
        for (String document : text.split("(?m)^---$", -1)) {
            if (new KubernetesSerialization().unmarshal(document, JsonNode.class) instanceof ObjectNode object) {
                objects.add(object);
            }
        }
        return objects;
    }

    private static String run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            String output =
                    new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            if (!process.waitFor(5, TimeUnit.MINUTES) || process.exitValue() != 0) {
                throw new AssertionError(command + " failed");
            }
            return output;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        administrator.close();
        operator.close();
        api.close();
    }
}
