package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Who issues the certificates of a cluster. */
public enum CertificateIssuer {
    /** The operator, from an authority of the cluster's own. */
    @JsonProperty("Operator")
    OPERATOR,
    /** Somebody else, who writes Secrets of the names that the operator would have given them. */
    @JsonProperty("External")
    EXTERNAL
}
