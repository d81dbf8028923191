package io.pgmosaic.local.pods;

import java.nio.file.Path;
import java.util.Map;

/**
 * What stands for a container image.
 *
 * @param root folder whose {@code bin} is searched for the container's command before the machine's PATH
 * @param environment what the image sets; a container's own environment goes over it
 */
public record Image(Path root, Map<String, String> environment) {
    /** A copy is kept. */
    public Image {
        environment = Map.copyOf(environment);
    }
}
