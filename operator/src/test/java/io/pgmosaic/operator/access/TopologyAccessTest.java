package io.pgmosaic.operator.access;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authorization.v1.ResourceAttributes;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.SetClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Against an API that reviews as Kubernetes does; a token {@code a.b.NAMESPACE} is that of the default account there. */
class TopologyAccessTest {
    private static final KubernetesSerialization JSON = new KubernetesSerialization();
    private static final ClusterKey ORDERS = new ClusterKey("shop", "orders");

    private final HttpServer api;
    private final KubernetesClient client;
    private final AtomicInteger reviews = new AtomicInteger();
    private final SetClock clock = new SetClock(Instant.EPOCH);
    private final TopologyAccess access;
    private volatile boolean broken;
    private volatile boolean granted;

    TopologyAccessTest() throws IOException {
        api = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        api.createContext("/apis/authentication.k8s.io/v1/tokenreviews", exchange -> {
            reviews.incrementAndGet();
            reply(exchange, reviewed(JSON.unmarshal(exchange.getRequestBody(), TokenReview.class)));
        });
        api.createContext(
                "/apis/authorization.k8s.io/v1/subjectaccessreviews",
                exchange ->
                        reply(exchange, judged(JSON.unmarshal(exchange.getRequestBody(), SubjectAccessReview.class))));
        api.start();
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder()
                        .withMasterUrl("http://127.0.0.1:" + api.getAddress().getPort())
                        .withRequestRetryBackoffLimit(0)
                        .withAutoConfigure(false)
                        .build())
                .build();
        access = new TopologyAccess(
                (cluster, token) -> cluster.equals(ORDERS) && token.equals("shared"),
                new ServiceAccountTokens(client, clock),
                cluster -> cluster.name().equals("orders"));
    }

    @AfterEach
    void end() {
        client.close();
        api.stop(0);
    }

    private void reply(HttpExchange exchange, Object body) throws IOException {
        byte[] json = JSON.asJson(body).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(broken ? 500 : 201, json.length);
        exchange.getResponseBody().write(json);
        exchange.close();
    }

    /** Says of every token but {@code a.b.expired} whose it is, and for the audience pgmosaic-topology alone. */
    private static TokenReview reviewed(TokenReview review) {
        String token = review.getSpec().getToken();
        String namespace = token.substring(token.lastIndexOf('.') + 1);
        boolean valid = !namespace.equals("expired");
        return review.toBuilder()
                .withNewStatus()
                .withAuthenticated(valid)
                .withAudiences(
                        token.startsWith("api.")
                                ? List.of("https://kubernetes.default.svc")
                                : review.getSpec().getAudiences())
                .withError(valid ? null : "token has expired")
                .withNewUser()
                .withUsername(namespace.equals("jane") ? "jane" : "system:serviceaccount:" + namespace + ":default")
                .withUid("uid-1")
                .withGroups("system:serviceaccounts")
                .endUser()
                .endStatus()
                .build();
    }

    private SubjectAccessReview judged(SubjectAccessReview review) {
        ResourceAttributes asked = review.getSpec().getResourceAttributes();
        boolean right = List.of(
                        asked.getVerb(),
                        asked.getGroup(),
                        asked.getResource(),
                        asked.getSubresource(),
                        asked.getNamespace(),
                        asked.getName())
                .equals(List.of("get", "pgmosaic.io", "shardedclusters", "topology", "shop", "orders"));
        boolean who = review.getSpec().getUser().endsWith(":web:default")
                && review.getSpec().getUid().equals("uid-1")
                && review.getSpec().getGroups().equals(List.of("system:serviceaccounts"));
        return review.toBuilder()
                .withNewStatus()
                .withAllowed(granted && right && who)
                .endStatus()
                .build();
    }

    @Test
    void isHadWithTheTokenOfTheSecretWithoutAskingAnybody() {
        assertThat(access.refusal(ORDERS, "shared")).isNull();
        assertThat(access.refusal(ORDERS, "wrong")).contains("does not open the topology of shop/orders");
        assertThat(access.refusal(new ClusterKey("shop", "other"), "shared")).isNotNull();
        assertThat(reviews).hasValue(0);
    }

    @Test
    void isHadByServiceAccountsOfTheClustersNamespace() {
        assertThat(access.refusal(ORDERS, "a.b.shop")).isNull();
        assertThat(access.refusal(new ClusterKey("shop", "other"), "a.b.shop"))
                .contains("there is no topology of shop/other");
    }

    @Test
    void isHadByOthersToWhomItIsGranted() {
        assertThat(access.refusal(ORDERS, "a.b.web"))
                .contains("system:serviceaccount:web:default may not read the topology of shop/orders")
                .contains(
                        "grant it the verb get on the resource shardedclusters/topology of the API group pgmosaic.io in"
                                + " namespace shop");
        assertThat(access.refusal(ORDERS, "a.b.jane")).contains("jane may not read");
        granted = true;
        clock.pass(Duration.ofSeconds(11));
        assertThat(access.refusal(ORDERS, "a.b.web")).isNull();
        assertThat(access.refusal(ORDERS, "a.b.jane")).isNotNull();
    }

    @Test
    void isNotHadWithATokenThatIsOverOrForSomebodyElse() {
        assertThat(access.refusal(ORDERS, "a.b.expired")).contains("(token has expired)");
        assertThat(access.refusal(ORDERS, "api.b.shop")).contains("for the audience pgmosaic-topology");
    }

    @Test
    void isNotHadWithAnyWhereNoneAreTaken() {
        TopologyAccess without = new TopologyAccess((cluster, token) -> true, null, cluster -> true);
        assertThat(without.refusal(ORDERS, "a.b.shop")).contains("takes no tokens of service accounts");
        assertThat(without.refusal(ORDERS, "shared")).isNull();
    }

    @Test
    void isReviewedOnceInAWhileForEachTokenAndCluster() {
        assertThat(access.refusal(ORDERS, "a.b.shop")).isNull();
        assertThat(access.refusal(ORDERS, "a.b.shop")).isNull();
        assertThat(reviews).hasValue(1);
        access.refusal(ORDERS, "a.c.shop");
        access.refusal(new ClusterKey("shop", "other"), "a.b.shop");
        assertThat(reviews).hasValue(3);
        clock.pass(Duration.ofSeconds(31));
        access.refusal(ORDERS, "a.b.shop");
        assertThat(reviews).hasValue(4);
    }

    @Test
    void isNeitherHadNorDeniedWhileTheApiDoesNotAnswer() {
        broken = true;
        assertThatThrownBy(() -> access.refusal(ORDERS, "a.b.shop")).isInstanceOf(KubernetesClientException.class);
        broken = false;
        assertThat(access.refusal(ORDERS, "a.b.shop")).isNull();
    }

    @Test
    void keepsNoMoreAnswersThanItMay() {
        AtomicInteger found = new AtomicInteger();
        RecentAnswers<Integer> answers = new RecentAnswers<>(clock, answer -> Duration.ofMinutes(1), 2);
        for (String question : List.of("a", "b", "a", "c", "b", "a")) {
            answers.get(question, found::incrementAndGet);
        }
        assertThat(found).as("a, b, c, and a again, which c drove out").hasValue(4);
    }
}
