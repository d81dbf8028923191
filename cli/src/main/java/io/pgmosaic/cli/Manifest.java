package io.pgmosaic.cli;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** ShardedClusters in files, as kubectl takes them. */
final class Manifest {
    private static final String STANDARD_INPUT = "-";

    private Manifest() {}

    /**
     * The only ShardedCluster of a file; other objects in it are passed over.
     *
     * @param file {@code -} for {@code standardInput}
     * @throws Refusal when there is not exactly one, or it has no spec, or the file cannot be read
     */
    static ShardedCluster read(String file, InputStream standardInput) throws Refusal {
        KubernetesSerialization serialization = new KubernetesSerialization();
        List<ShardedCluster> found = new ArrayList<>();
        try {
            Object read = serialization.unmarshal(text(file, standardInput));
            for (Object object : read instanceof Collection<?> all ? all : List.of(read)) {
                if (object instanceof ShardedCluster cluster) {
                    found.add(cluster);
                } else if (object instanceof GenericKubernetesResource generic
                        && generic.getKind().equals(ShardedCluster.class.getSimpleName())) {
                    found.add(serialization.convertValue(generic, ShardedCluster.class));
                }
            }
        } catch (IllegalArgumentException e) {
            throw new Refusal(file + " is no manifest of Kubernetes: " + firstLine(e), e);
        }
        if (found.size() != 1) {
            throw new Refusal(
                    file + " holds " + found.size() + " objects of kind ShardedCluster; give a file with one");
        }
        ShardedCluster cluster = found.getFirst();
        if (cluster.getSpec() == null) {
            throw new Refusal("the ShardedCluster in " + file + " has no spec: write it, or give what "
                    + "kubectl get shardedcluster NAME -o yaml prints");
        }
        return cluster;
    }

    private static String text(String file, InputStream standardInput) throws Refusal {
        try {
            return file.equals(STANDARD_INPUT)
                    ? new String(standardInput.readAllBytes(), StandardCharsets.UTF_8)
                    : Files.readString(Path.of(file));
        } catch (IOException e) {
            throw new Refusal("cannot read " + file + ": " + e, e);
        }
    }

    private static String firstLine(Throwable failure) {
        return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    }
}
