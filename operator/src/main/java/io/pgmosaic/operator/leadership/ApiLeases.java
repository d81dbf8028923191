package io.pgmosaic.operator.leadership;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The Lease over a client of its own, which gives up soon and tries nothing twice: one request that hangs must not cost the
 * lead, and an answer that comes late proves nothing.
 */
final class ApiLeases implements Leases, AutoCloseable {
    private static final Logger LOG = Logger.getLogger(ApiLeases.class);
    private static final Duration BETWEEN_TRIALS = Duration.ofMillis(250);
    private static final Duration BETWEEN_REPORTS = Duration.ofSeconds(5);
    private static final int SERVER_ERRORS = 500;
    private static final int TOO_MANY_REQUESTS = 429;

    private final KubernetesClient client;
    private final String namespace;
    private final String name;

    ApiLeases(KubernetesClient client, Duration requestLimit, String namespace, String name) {
        int millis = Math.toIntExact(requestLimit.toMillis());
        this.client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(client.getConfiguration())
                        .withRequestTimeout(millis)
                        .withConnectionTimeout(millis)
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .build();
        this.namespace = namespace;
        this.name = name;
    }

    @Override
    public @Nullable Lease read() {
        return client.leases().inNamespace(namespace).withName(name).get();
    }

    @Override
    public void create(Lease lease) {
        client.resource(lease).create();
    }

    @Override
    public void replace(Lease lease) {
        client.resource(lease).update();
    }

    /**
     * Returns when the API answers.
     *
     * @throws KubernetesClientException when it refuses
     */
    void awaitApi() throws InterruptedException {
        long begun = System.nanoTime();
        long reported = begun;
        while (true) {
            try {
                read();
                return;
            } catch (KubernetesClientException e) {
                if (e.getCode() > 0 && e.getCode() < SERVER_ERRORS && e.getCode() != TOO_MANY_REQUESTS) {
                    throw e;
                }
                long now = System.nanoTime();
                if (reported == begun || now - reported >= BETWEEN_REPORTS.toNanos()) {
                    LOG.warnf(
                            "waiting for the Kubernetes API for %d s: %s",
                            TimeUnit.NANOSECONDS.toSeconds(now - begun), e.getMessage());
                    reported = now;
                }
                TimeUnit.NANOSECONDS.sleep(BETWEEN_TRIALS.toNanos());
            }
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
