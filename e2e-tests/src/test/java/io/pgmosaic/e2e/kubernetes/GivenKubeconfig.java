package io.pgmosaic.e2e.kubernetes;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.StringTokenizer;

/**
 * The cluster of the current kubeconfig. It must be able to pull the images of {@code E2E_IMAGES}, such as
 * {@code registry.example.org/pgmosaic}, with the tag of {@code E2E_VERSION}. What the tests make must not be in it yet.
 */
record GivenKubeconfig(Path kubeconfig, Images images) implements KubernetesCluster {
    static GivenKubeconfig find() {
        String variable = System.getenv("KUBECONFIG");
        Path kubeconfig = variable == null || variable.isBlank()
                ? Path.of(System.getProperty("user.home"), ".kube", "config")
                : Path.of(new StringTokenizer(variable, File.pathSeparator).nextToken());
        if (!Files.isReadable(kubeconfig)) {
            throw new AssertionError("E2E_USE_KUBECONFIG is 1, and " + kubeconfig + " cannot be read: set KUBECONFIG");
        }
        Traces.requireNone(kubeconfig);
        Images built = Images.built();
        return new GivenKubeconfig(
                kubeconfig,
                new Images(
                        or(System.getenv("E2E_IMAGES"), built.registry()),
                        or(System.getenv("E2E_VERSION"), built.version())));
    }

    private static String or(@Nullable String given, String otherwise) {
        return given == null || given.isBlank() ? otherwise : given;
    }

    @Override
    public String description() {
        return "the cluster of " + kubeconfig
                + ", since E2E_USE_KUBECONFIG is 1; what needs power over its node is left out";
    }

    @Override
    public Optional<Node> node() {
        return Optional.empty();
    }

    @Override
    public boolean outlivesTests() {
        return true;
    }

    @Override
    public void close() {
        // It was there before.
    }
}
