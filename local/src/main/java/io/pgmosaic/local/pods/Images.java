package io.pgmosaic.local.pods;

import java.util.Optional;

/** The images of this machine. */
@FunctionalInterface
public interface Images {
    /**
     * The image that a reference like {@code pgmosaic/instance:16} names; empty when there is none, which a pod shows as
     * {@code ErrImagePull}.
     */
    Optional<Image> find(String reference);
}
