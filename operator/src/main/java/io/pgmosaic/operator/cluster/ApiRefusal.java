package io.pgmosaic.operator.cluster;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pgmosaic.operator.plan.Finding;
import io.pgmosaic.operator.plan.Reason;

import java.net.HttpURLConnection;
import java.util.Set;

/**
 * What the Kubernetes API will not do: for want of a permission, because of a quota or an admission policy. Unlike an API that
 * is away, and unlike what somebody else changed meanwhile, that needs a person. Pure.
 */
final class ApiRefusal {
    private static final int UNPROCESSABLE = 422;

    private static final Set<Integer> CODES = Set.of(
            HttpURLConnection.HTTP_BAD_REQUEST,
            HttpURLConnection.HTTP_UNAUTHORIZED,
            HttpURLConnection.HTTP_FORBIDDEN,
            HttpURLConnection.HTTP_NOT_FOUND,
            UNPROCESSABLE,
            // Said of an admission webhook that does not answer.
            HttpURLConnection.HTTP_INTERNAL_ERROR);

    private ApiRefusal() {}

    static boolean is(KubernetesClientException e) {
        return CODES.contains(e.getCode());
    }

    /**
     * @param what cannot be done for it, for a person
     */
    static Finding finding(String cluster, String what, KubernetesClientException e) {
        return new Finding(
                Reason.API_REFUSED,
                cluster,
                what + "; the Kubernetes API says: " + e.getMessage()
                        + ". See which role, quota or admission policy that is; it is tried again");
    }
}
