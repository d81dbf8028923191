package io.pgmosaic.api.v1alpha1.common;

/** The names under which the Kubernetes API serves the three resources. */
public final class Api {
    public static final String GROUP = "pgmosaic.io";
    public static final String VERSION = "v1alpha1";
    public static final String CATEGORY = "pgmosaic";

    private Api() {}
}
