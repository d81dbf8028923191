package io.pgmosaic.e2e.kubernetes;

import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.k3s.K3sContainer;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.MountableFile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** K3s in a container of the Docker engine that answers here. Its kubelet cannot be paused alone, so there is no {@link Node}. */
final class K3sCluster implements KubernetesCluster {
    private static final DockerImageName IMAGE = DockerImageName.parse("rancher/k3s:v1.34.2-k3s1");

    private final K3sContainer container;
    private final Path kubeconfig;

    private K3sCluster(K3sContainer container, Path kubeconfig) {
        this.container = container;
        this.kubeconfig = kubeconfig;
    }

    static K3sCluster start() {
        List<Path> archives = Images.archives();
        K3sContainer container = new K3sContainer(IMAGE);
        container.start();
        try {
            for (Path archive : archives) {
                String inside = "/tmp/" + archive.getFileName();
                container.copyFileToContainer(MountableFile.forHostPath(archive), inside);
                ExecResult imported = container.execInContainer("ctr", "-n", "k8s.io", "images", "import", inside);
                if (imported.getExitCode() != 0) {
                    throw new AssertionError("k3s does not take " + archive + ": " + imported.getStderr());
                }
            }
            Path kubeconfig = Files.createTempFile("k3s", ".kubeconfig");
            Files.writeString(kubeconfig, container.getKubeConfigYaml());
            return new K3sCluster(container, kubeconfig);
        } catch (AssertionError | RuntimeException e) {
            container.stop();
            throw e;
        } catch (IOException e) {
            container.stop();
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            container.stop();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while k3s was started", e);
        }
    }

    @Override
    public String description() {
        return "k3s " + IMAGE
                + ", since E2E_USE_KUBECONFIG is not 1 and a Docker engine answers; what needs power over its node"
                + " is left out";
    }

    @Override
    public Path kubeconfig() {
        return kubeconfig;
    }

    @Override
    public boolean outlivesTests() {
        return false;
    }

    @Override
    public Optional<Node> node() {
        return Optional.empty();
    }

    @Override
    public void close() {
        container.stop();
        try {
            Files.delete(kubeconfig);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
