package io.pgmosaic.operator.access;

import io.pgmosaic.operator.ClusterKey;
import org.jspecify.annotations.Nullable;

import java.util.function.BiPredicate;
import java.util.function.Predicate;

/** Decides on a token, whichever kind it is of. */
public final class TopologyAccess {
    private final BiPredicate<ClusterKey, String> shared;
    private final @Nullable ServiceAccountTokens serviceAccounts;
    private final Predicate<ClusterKey> exists;

    /**
     * @param shared whether a token is the one of a cluster's Secret
     * @param serviceAccounts null when their tokens are not taken
     * @param exists whether this operator knows a cluster
     */
    public TopologyAccess(
            BiPredicate<ClusterKey, String> shared,
            @Nullable ServiceAccountTokens serviceAccounts,
            Predicate<ClusterKey> exists) {
        this.shared = shared;
        this.serviceAccounts = serviceAccounts;
        this.exists = exists;
    }

    /**
     * Why the token does not open the cluster's topology, and what to do about it; null when it does. May block, and throws
     * what the Kubernetes API throws when it cannot be asked.
     */
    public @Nullable String refusal(ClusterKey cluster, String token) {
        return refusal(cluster, token, ServiceAccountTokens::refusal);
    }

    /** Why the token is not one with which the cluster's directories may be changed; null when it is. Otherwise as above. */
    public @Nullable String changeRefusal(ClusterKey cluster, String token) {
        return refusal(cluster, token, ServiceAccountTokens::changeRefusal);
    }

    private interface Review {
        @Nullable
        String refusal(ServiceAccountTokens tokens, ClusterKey cluster, String token);
    }

    private @Nullable String refusal(ClusterKey cluster, String token, Review review) {
        if (!isOfServiceAccount(token)) {
            return shared.test(cluster, token)
                    ? null
                    : "this token does not open the topology of " + cluster + "; " + absence();
        }
        if (serviceAccounts == null) {
            return "this operator takes no tokens of service accounts: show the token of the Secret " + cluster.name()
                    + "-router, or have the operator started with PGMOSAIC_TOPOLOGY_SERVICE_ACCOUNTS=true";
        }
        String refusal = review.refusal(serviceAccounts, cluster, token);
        if (refusal == null && !exists.test(cluster)) {
            return "there is no topology of " + cluster + ": " + absence();
        }
        return refusal;
    }

    private static String absence() {
        return "there may be no such cluster, or this operator does not watch its namespace";
    }

    /** Those are JSON web tokens, of three parts; the tokens of Secrets have no dot. */
    private static boolean isOfServiceAccount(String token) {
        return token.chars().filter(character -> character == '.').count() == 2;
    }
}
