package io.pgmosaic.local.kubernetes;

import io.pgmosaic.local.platform.LoopbackNetwork;
import io.pgmosaic.local.platform.Spawner;

import java.nio.file.Path;

/** Chooses the API: a real one where its binaries are, else the one from memory. */
public final class ClusterApis {
    private ClusterApis() {}

    /**
     * Starts an API at the network's API address.
     *
     * @param folder where it keeps its files, the kubeconfig among them
     */
    public static ClusterApi start(LoopbackNetwork network, Path folder, Spawner spawner) {
        String assets = System.getenv("KUBEBUILDER_ASSETS");
        return assets == null || assets.isBlank()
                ? EmbeddedApi.start(network.apiAddress(), network.apiPort(), folder)
                : BinaryApi.start(Path.of(assets), network, folder, spawner);
    }
}
