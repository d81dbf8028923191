package io.pgmosaic.local.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pgmosaic.local.platform.Account;
import io.pgmosaic.local.platform.Commands;
import io.pgmosaic.local.platform.LoopbackNetwork;
import io.pgmosaic.local.platform.MissingRequirement;
import io.pgmosaic.local.platform.ProcessFamily;
import io.pgmosaic.local.platform.Spawner;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/** A real kube-apiserver with its etcd, from a folder of binaries, on loopback addresses. */
final class BinaryApi implements ClusterApi {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final Path kubeconfig;
    private final KubernetesClient client;
    private final List<ProcessFamily> processes;
    private final String url;

    private BinaryApi(Path kubeconfig, KubernetesClient client, List<ProcessFamily> processes, String url) {
        this.kubeconfig = kubeconfig;
        this.client = client;
        this.processes = processes;
        this.url = url;
    }

    static BinaryApi start(Path assets, LoopbackNetwork network, Path folder, Spawner spawner) {
        for (String program : List.of("etcd", "kube-apiserver")) {
            if (!Files.isExecutable(assets.resolve(program))) {
                throw new MissingRequirement("KUBEBUILDER_ASSETS is " + assets + ", which has no " + program);
            }
        }
        Path home = folder.resolve("api");
        String token = UUID.randomUUID().toString();
        String host = network.apiAddress();
        String etcd = "http://" + host + ":2379";
        String url = "https://" + host + ":" + network.apiPort();
        try {
            Files.createDirectories(home);
            Files.writeString(home.resolve("tokens.csv"), token + ",local,1,system:masters\n");
            String key = home.resolve("accounts.key").toString();
            Commands.require("openssl", "openssl");
            if (!Commands.succeeds(List.of("openssl", "genrsa", "-out", key, "2048"))) {
                throw new IllegalStateException("openssl could not make a key");
            }
            List<ProcessFamily> processes = List.of(
                    run(
                            spawner,
                            home,
                            "etcd",
                            List.of(
                                    assets.resolve("etcd").toString(),
                                    "--data-dir=" + home.resolve("etcd"),
                                    "--listen-client-urls=" + etcd,
                                    "--advertise-client-urls=" + etcd,
                                    "--listen-peer-urls=http://" + host + ":2380",
                                    "--unsafe-no-fsync")),
                    run(
                            spawner,
                            home,
                            "kube-apiserver",
                            List.of(
                                    assets.resolve("kube-apiserver").toString(),
                                    "--etcd-servers=" + etcd,
                                    "--bind-address=" + host,
                                    "--secure-port=" + network.apiPort(),
                                    "--cert-dir=" + home.resolve("certificates"),
                                    "--token-auth-file=" + home.resolve("tokens.csv"),
                                    "--authorization-mode=AlwaysAllow",
                                    "--disable-admission-plugins=ServiceAccount",
                                    "--service-account-issuer=" + url,
                                    "--service-account-key-file=" + key,
                                    "--service-account-signing-key-file=" + key,
                                    "--service-cluster-ip-range=10.0.0.0/24")));
            Path kubeconfig = folder.resolve("kubeconfig");
            Kubeconfig.write(kubeconfig, url, token);
            Config config = new ConfigBuilder(Config.empty())
                    .withMasterUrl(url)
                    .withTrustCerts(true)
                    .withOauthToken(token)
                    .withNamespace("default")
                    .build();
            BinaryApi api = new BinaryApi(
                    kubeconfig, new KubernetesClientBuilder().withConfig(config).build(), processes, url);
            api.awaitReady(home);
            return api;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start the API server", e);
        }
    }

    private static ProcessFamily run(Spawner spawner, Path home, String name, List<String> command) throws IOException {
        Map<String, String> environment = Map.of("PATH", "/usr/bin:/bin", "HOME", home.toString());
        return spawner.start(
                new Spawner.Launch(command, environment, home, home.resolve(name + ".log")), Account.self());
    }

    private void awaitReady(Path home) {
        Instant deadline = Instant.now().plus(LIMIT);
        while (!isReady()) {
            if (Instant.now().isAfter(deadline) || !processes.stream().allMatch(ProcessFamily::isAlive)) {
                close();
                throw new IllegalStateException("the API server does not get ready; see the logs in " + home);
            }
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        }
    }

    private boolean isReady() {
        try {
            return client.namespaces().withName("default").get() != null;
        } catch (KubernetesClientException notYet) {
            return false;
        }
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
        return "kube-apiserver at " + url;
    }

    /** Its processes stand still; connections stay open and nothing answers. */
    @Override
    public void suspend(boolean suspended) {
        processes.forEach(process -> process.suspend(suspended));
    }

    @Override
    public void close() {
        client.close();
        for (ProcessFamily process : processes.reversed()) {
            try {
                process.stop(GRACE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
