package io.pgmosaic.local.cluster;

import io.pgmosaic.local.platform.MissingRequirement;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The built modules of a checkout.
 *
 * @param home the checkout's root
 */
public record Distribution(Path home) {
    /**
     * The checkout that the system property {@code pgmosaic.home} names, or the one around the working directory.
     *
     * @throws MissingRequirement when there is none, or it is not built
     */
    public static Distribution locate() {
        String given = System.getProperty("pgmosaic.home");
        Path folder = Path.of(given == null ? "" : given).toAbsolutePath();
        while (folder != null && !Files.isDirectory(folder.resolve("instance-manager"))) {
            folder = folder.getParent();
        }
        if (folder == null) {
            throw new MissingRequirement("this is not a checkout of PgMosaic: run make there, or set -Dpgmosaic.home");
        }
        Distribution distribution = new Distribution(folder.normalize());
        distribution.require(distribution.instanceManager().resolve("bin/pgmosaic-instance-manager"));
        distribution.require(distribution.router().resolve("bin/pgmosaic-router"));
        distribution.require(distribution.operator().resolve("quarkus-run.jar"));
        return distribution;
    }

    Path instanceManager() {
        return home.resolve("instance-manager/target/dist");
    }

    Path router() {
        return home.resolve("router-sidecar/target/dist");
    }

    Path operator() {
        return home.resolve("operator/target/quarkus-app");
    }

    /** A manifest of the examples folder. */
    public Path example(String name) {
        return home.resolve("examples").resolve(name);
    }

    private void require(Path file) {
        if (!Files.exists(file)) {
            throw new MissingRequirement(home.relativize(file) + " is missing: run make build first");
        }
    }
}
