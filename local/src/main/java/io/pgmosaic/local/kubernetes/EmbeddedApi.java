package io.pgmosaic.local.kubernetes;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;

import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The API from memory, in this process. */
public final class EmbeddedApi implements ClusterApi {
    private static final int LIMIT_SECONDS = 20;

    /** Few: whoever is suspended knows, and the pauses between them double. */
    private static final int RETRIES = 2;

    private final Vertx vertx;
    private final ApiServer server;
    private final Path kubeconfig;
    private final String url;
    private final KubernetesClient client;

    private EmbeddedApi(Vertx vertx, ApiServer server, Path kubeconfig, String url) {
        this.vertx = vertx;
        this.server = server;
        this.kubeconfig = kubeconfig;
        this.url = url;
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl(url)
                .withNamespace("default")
                .withRequestRetryBackoffLimit(RETRIES)
                .build();
        client = new KubernetesClientBuilder().withConfig(config).build();
    }

    /**
     * Starts the API at {@code host:port}, or at any free port for 0, and writes a kubeconfig.
     *
     * @param folder of the kubeconfig, and of the pods' logs
     *
     * @throws IllegalStateException when it cannot listen there
     */
    public static EmbeddedApi start(String host, int port, Path folder) {
        Path kubeconfig = folder.resolve("kubeconfig");
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1));
        ApiServer server = new ApiServer(host, port, new PodLogs(folder.resolve("logs")), Clock.systemUTC());
        try {
            vertx.deployVerticle(server)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException | TimeoutException e) {
            vertx.close();
            throw new IllegalStateException("the embedded Kubernetes API cannot listen on " + host + ":" + port, e);
        } catch (InterruptedException e) {
            vertx.close();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while starting the embedded Kubernetes API", e);
        }
        String url = "http://" + host + ":" + server.boundPort();
        Kubeconfig.write(kubeconfig, url, "");
        EmbeddedApi api = new EmbeddedApi(vertx, server, kubeconfig, url);
        api.client
                .namespaces()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName("default")
                        .endMetadata()
                        .build())
                .create();
        return api;
    }

    @Override
    public Path kubeconfig() {
        return kubeconfig;
    }

    @Override
    public KubernetesClient client() {
        return client;
    }

    @Override
    public String description() {
        return "embedded Kubernetes API at " + url;
    }

    @Override
    public void suspend(boolean suspended) {
        try {
            server.suspend(suspended).get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException | TimeoutException e) {
            throw new IllegalStateException((suspended ? "cannot suspend " : "cannot resume ") + url, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while suspending or resuming " + url, e);
        }
    }

    @Override
    public void close() {
        client.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
