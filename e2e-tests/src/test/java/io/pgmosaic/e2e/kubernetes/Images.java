package io.pgmosaic.e2e.kubernetes;

import io.pgmosaic.e2e.Checkout;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Names of the product's images.
 *
 * @param registry before their names, such as {@code localhost/pgmosaic}
 * @param version of the product
 */
record Images(String registry, String version) {
    /** The version of PostgreSQL that the tests use. */
    static final int POSTGRES = 17;

    /** Those that {@code make images} writes. */
    static Images built() {
        return new Images("localhost/pgmosaic", "0.1.0");
    }

    String operatorRepository() {
        return registry + "/operator";
    }

    String router() {
        return registry + "/router:" + version;
    }

    String instance() {
        return instanceTemplate().replace("{version}", Integer.toString(POSTGRES));
    }

    /** As the chart wants it. */
    String instanceTemplate() {
        return registry + "/instance:" + version + "-pg{version}";
    }

    /** The archives that {@code make images} has written. */
    static List<Path> archives() {
        Path folder = Checkout.root().resolve("images/target");
        if (!Files.isDirectory(folder)) {
            throw new AssertionError("there are no images: run make images POSTGRES=" + POSTGRES);
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".tar"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
