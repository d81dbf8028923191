package io.pgmosaic.operator.admission;

import com.fasterxml.jackson.core.type.TypeReference;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.VersionInfo;
import io.micrometer.core.instrument.MeterRegistry;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterSpec;
import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.OperatorSettings;
import io.pgmosaic.operator.cluster.OperatorIdentity;
import io.pgmosaic.operator.injection.RouterTemplate;
import io.pgmosaic.operator.injection.SidecarSupport;
import io.vertx.core.Vertx;
import org.jboss.logging.Logger;

import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

import static java.nio.charset.StandardCharsets.UTF_8;

/** The webhooks of one operator, from when they listen: their certificate, and that the API server trusts it. */
public final class Webhooks implements AutoCloseable {
    /** As in the chart's configurations. */
    public static final String INJECT_PATH = "/inject";

    public static final String VALIDATE_PATH = "/validate";

    private static final Logger LOG = Logger.getLogger(Webhooks.class);

    /** A configuration that was made anew, as by an installation, is without an authority for no longer. */
    private static final Duration LOOK = Duration.ofSeconds(10);

    private final Vertx vertx;
    private final OperatorSettings settings;
    private final OperatorIdentity identity;
    private final AdmissionServer server;
    private final WebhookTrust trust;

    /**
     * @param exists whether this operator knows a cluster
     * @param running the spec with which a cluster is run
     */
    public Webhooks(
            Vertx vertx,
            KubernetesClient client,
            OperatorSettings settings,
            OperatorIdentity identity,
            Predicate<ClusterKey> exists,
            Function<ShardedCluster, Optional<ShardedClusterSpec>> running,
            InjectionWebhook.Refusals refusals,
            MeterRegistry registry) {
        this.vertx = vertx;
        this.settings = settings;
        this.identity = identity;
        this.trust = new WebhookTrust(client, settings.admission().configuration(), identity.authorityPem());
        Map<String, Webhook> webhooks = new HashMap<>();
        if (settings.injection().enabled()) {
            RouterTemplate template = template(client, settings, identity);
            webhooks.put(INJECT_PATH, new InjectionWebhook(exists, template, refusals, registry));
        }
        if (settings.validation().enabled()) {
            webhooks.put(VALIDATE_PATH, new ClusterWebhook(client.getKubernetesSerialization(), running));
        }
        this.server = new AdmissionServer(vertx, webhooks, identity.issueAdmissionServer());
    }

    /** Whether there is anything to serve. */
    public static boolean areWanted(OperatorSettings settings) {
        return settings.injection().enabled() || settings.validation().enabled();
    }

    private static RouterTemplate template(
            KubernetesClient client, OperatorSettings settings, OperatorIdentity identity) {
        VersionInfo version = client.getKubernetesVersion();
        // Who may not ask for the version is told nothing; the chart demands one that knows native sidecars.
        boolean nativeSidecar = version == null || SidecarSupport.isIn(version.getMajor(), version.getMinor());
        LOG.infof("routers are injected as %s", nativeSidecar ? "native sidecars" : "plain containers");
        return new RouterTemplate(
                settings.routerImage(),
                settings.topologyUrls(),
                identity.authorityPem(),
                client.getKubernetesSerialization()
                        .unmarshal(settings.injection().resources(), ResourceRequirements.class),
                environment(client, settings.injection().env()),
                settings.injection().runAsUser().orElse(null),
                nativeSidecar);
    }

    private static Map<String, String> environment(KubernetesClient client, String json) {
        return client.getKubernetesSerialization()
                .unmarshal(new ByteArrayInputStream(json.getBytes(UTF_8)), new TypeReference<Map<String, String>>() {});
    }

    /** Listens, and only then has the API server trust what listens. */
    public void start() {
        int port =
                server.listen(settings.admission().host(), settings.admission().port());
        LOG.infof("webhooks at port %d", port);
        keepTrust();
        vertx.setPeriodic(
                LOOK.toMillis(),
                timer -> vertx.executeBlocking(
                        () -> {
                            keepTrust();
                            return null;
                        },
                        false));
        vertx.setPeriodic(
                OperatorIdentity.renewAfter().toMillis(),
                timer -> server.replaceCertificate(identity.issueAdmissionServer()));
    }

    private void keepTrust() {
        trust.keep(settings.injection().enabled(), settings.validation().enabled());
    }

    @Override
    public void close() {
        server.close();
    }
}
