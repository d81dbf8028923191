package io.pgmosaic.operator.instance;

import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.pki.CertifiedKey;

import java.security.GeneralSecurityException;

/** Takes whom to trust in a cluster, and as whom to come. */
public interface ClusterIdentities {
    /**
     * Replaces what was set before.
     *
     * @throws GeneralSecurityException when a PEM text cannot be parsed
     */
    void setCluster(ClusterKey cluster, String authorityPem, CertifiedKey identity) throws GeneralSecurityException;

    void forgetCluster(ClusterKey cluster);
}
