package io.pgmosaic.operator.cluster;

import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.desired.ClusterNames;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** Checks the token with which a router shows that it may read a cluster's topology. */
public final class TopologyTokens {
    static final String KEY = "token";

    private final Secrets secrets;

    public TopologyTokens(Secrets secrets) {
        this.secrets = secrets;
    }

    /** Compares in constant time with the stored token; false when there is none. */
    public boolean admits(ClusterKey cluster, String token) {
        return secrets.find(cluster.namespace(), ClusterNames.router(cluster.name()))
                .map(secret -> {
                    try {
                        return MessageDigest.isEqual(
                                Secrets.text(secret, KEY).getBytes(StandardCharsets.UTF_8),
                                token.getBytes(StandardCharsets.UTF_8));
                    } catch (ProblemException e) {
                        return false;
                    }
                })
                .orElse(false);
    }
}
