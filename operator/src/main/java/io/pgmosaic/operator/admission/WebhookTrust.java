package io.pgmosaic.operator.admission;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhook;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfigurationBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhook;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfigurationBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.WebhookClientConfig;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.WebhookClientConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.jboss.logging.Logger;

import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Objects;

/**
 * Keeps in the webhook configurations whom the API server is to trust. The chart makes them without it, since the authority
 * comes into being in the cluster; whatever else is in them stays the chart's. Every replica may do this, as often as it likes:
 * what is right already is not written.
 */
public final class WebhookTrust {
    private static final Logger LOG = Logger.getLogger(WebhookTrust.class);
    private static final String FIELD_MANAGER = "pgmosaic-operator-webhooks";

    private final KubernetesClient client;
    private final String name;
    private final String bundle;
    private volatile String complaint = "";

    /**
     * @param name of the configurations, of either kind
     * @param authorityPem who signs the webhooks' certificates
     */
    public WebhookTrust(KubernetesClient client, String name, String authorityPem) {
        this.client = client;
        this.name = name;
        this.bundle = Base64.getEncoder().encodeToString(authorityPem.getBytes(StandardCharsets.UTF_8));
    }

    /** Looks, and writes where it has to. A configuration that does not exist needs nothing. */
    public void keep(boolean injection, boolean validation) {
        try {
            if (injection) {
                keepMutating();
            }
            if (validation) {
                keepValidating();
            }
            complaint = "";
        } catch (KubernetesClientException e) {
            complain(
                    e.getCode() == HttpURLConnection.HTTP_FORBIDDEN
                            ? "cannot be kept, so the API server may not trust the webhooks; grant the operator get and patch"
                                    + " on them"
                            : "cannot be looked at now",
                    e);
        }
    }

    /** Once, and again when there is another reason. */
    private void complain(String what, KubernetesClientException e) {
        String message = "the webhook configurations " + name + " " + what + ": " + e.getMessage();
        if (!message.equals(complaint)) {
            complaint = message;
            LOG.warn(message);
        }
    }

    private void keepMutating() {
        MutatingWebhookConfiguration found = client.admissionRegistration()
                .v1()
                .mutatingWebhookConfigurations()
                .withName(name)
                .get();
        List<MutatingWebhook> webhooks = found == null ? List.of() : found.getWebhooks();
        if (webhooks.stream().allMatch(webhook -> isTrusted(webhook.getClientConfig()))) {
            return;
        }
        apply(new MutatingWebhookConfigurationBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withWebhooks(webhooks.stream()
                        .map(webhook -> {
                            MutatingWebhook trusted = new MutatingWebhook();
                            trusted.setName(webhook.getName());
                            trusted.setClientConfig(trust());
                            return trusted;
                        })
                        .toList())
                .build());
    }

    private void keepValidating() {
        ValidatingWebhookConfiguration found = client.admissionRegistration()
                .v1()
                .validatingWebhookConfigurations()
                .withName(name)
                .get();
        List<ValidatingWebhook> webhooks = found == null ? List.of() : found.getWebhooks();
        if (webhooks.stream().allMatch(webhook -> isTrusted(webhook.getClientConfig()))) {
            return;
        }
        apply(new ValidatingWebhookConfigurationBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withWebhooks(webhooks.stream()
                        .map(webhook -> {
                            ValidatingWebhook trusted = new ValidatingWebhook();
                            trusted.setName(webhook.getName());
                            trusted.setClientConfig(trust());
                            return trusted;
                        })
                        .toList())
                .build());
    }

    private boolean isTrusted(WebhookClientConfig config) {
        return Objects.equals(config.getCaBundle(), bundle);
    }

    private WebhookClientConfig trust() {
        return new WebhookClientConfigBuilder().withCaBundle(bundle).build();
    }

    private void apply(HasMetadata trusting) {
        client.resource(trusting).fieldManager(FIELD_MANAGER).forceConflicts().serverSideApply();
        LOG.infof("%s %s trusts this operator's authority now", trusting.getKind(), name);
    }
}
