package io.pgmosaic.operator.access;

import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewStatus;
import io.fabric8.kubernetes.api.model.authentication.UserInfo;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.pgmosaic.api.v1alpha1.common.Api;
import io.pgmosaic.operator.ClusterKey;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Has Kubernetes check a token and, for those who are not of the cluster's namespace, the permission. An answer is kept for a
 * moment, so that a router which is refused and tries again and again costs the API server little.
 */
public final class ServiceAccountTokens {
    /** For whom the token has to be made; one that was made for the API server opens nothing here. */
    public static final String AUDIENCE = "pgmosaic-topology";

    private static final String RESOURCE = "shardedclusters";
    private static final Permission TOPOLOGY = new Permission("get", "topology", "read the topology", true);
    private static final Permission DIRECTORY = new Permission("update", "directory", "change the directories", false);

    /**
     * What is to be granted.
     *
     * @param ofOwnNamespace whether service accounts of the cluster's namespace need no grant
     */
    private record Permission(String verb, String subresource, String what, boolean ofOwnNamespace) {}

    private static final Duration GRANTS_KEPT = Duration.ofSeconds(30);
    private static final Duration REFUSALS_KEPT = Duration.ofSeconds(10);
    private static final int MOST_KEPT = 10_000;

    private final KubernetesClient client;
    private final RecentAnswers<Optional<String>> answers;

    /**
     * @param clock for durations
     */
    public ServiceAccountTokens(KubernetesClient client, Clock clock) {
        this.client = client;
        this.answers = new RecentAnswers<>(clock, answer -> answer.isEmpty() ? GRANTS_KEPT : REFUSALS_KEPT, MOST_KEPT);
    }

    /** As {@link TopologyAccess#refusal}. */
    @Nullable
    String refusal(ClusterKey cluster, String token) {
        return refusal(cluster, token, TOPOLOGY);
    }

    /** As {@link TopologyAccess#changeRefusal}. */
    @Nullable
    String changeRefusal(ClusterKey cluster, String token) {
        return refusal(cluster, token, DIRECTORY);
    }

    private @Nullable String refusal(ClusterKey cluster, String token, Permission permission) {
        return answers.get(
                        permission.subresource() + " " + cluster + " " + digest(token),
                        () -> Optional.ofNullable(review(cluster, token, permission)))
                .orElse(null);
    }

    private @Nullable String review(ClusterKey cluster, String token, Permission permission) {
        TokenReviewStatus status = reviewed(token).getStatus();
        if (status == null
                || !Boolean.TRUE.equals(status.getAuthenticated())
                || !status.getAudiences().contains(AUDIENCE)) {
            return "Kubernetes does not accept this token for the audience " + AUDIENCE
                    + "; show the token of a projected volume with that audience, which the kubelet renews"
                    + (status == null || status.getError() == null ? "" : " (" + status.getError() + ")");
        }
        UserInfo user = status.getUser();
        boolean ofOwnNamespace = permission.ofOwnNamespace()
                && namespaceOf(user.getUsername())
                        .filter(cluster.namespace()::equals)
                        .isPresent();
        if (ofOwnNamespace || isGranted(user, cluster, permission)) {
            return null;
        }
        return user.getUsername() + " may not " + permission.what() + " of " + cluster + "; grant it the verb "
                + permission.verb() + " on the resource " + RESOURCE + "/" + permission.subresource()
                + " of the API group " + Api.GROUP
                + " in namespace " + cluster.namespace() + ", with a Role and a RoleBinding there";
    }

    private TokenReview reviewed(String token) {
        return client.tokenReviews()
                .create(new TokenReviewBuilder()
                        .withNewSpec()
                        .withToken(token)
                        .withAudiences(AUDIENCE)
                        .endSpec()
                        .build());
    }

    private boolean isGranted(UserInfo user, ClusterKey cluster, Permission permission) {
        SubjectAccessReview review = client.authorization()
                .v1()
                .subjectAccessReview()
                .create(new SubjectAccessReviewBuilder()
                        .withNewSpec()
                        .withUser(user.getUsername())
                        .withUid(user.getUid())
                        .withGroups(user.getGroups())
                        .withExtra(user.getExtra())
                        .withNewResourceAttributes()
                        .withNamespace(cluster.namespace())
                        .withVerb(permission.verb())
                        .withGroup(Api.GROUP)
                        .withResource(RESOURCE)
                        .withSubresource(permission.subresource())
                        .withName(cluster.name())
                        .endResourceAttributes()
                        .endSpec()
                        .build());
        return review.getStatus() != null
                && Boolean.TRUE.equals(review.getStatus().getAllowed());
    }

    /** The namespace of a service account; empty for another user. */
    private static Optional<String> namespaceOf(String username) {
        String[] parts = username.split(":", -1);
        boolean isServiceAccount = parts.length == 4 && parts[0].equals("system") && parts[1].equals("serviceaccount");
        return isServiceAccount ? Optional.of(parts[2]) : Optional.empty();
    }

    /** Tokens themselves are not kept. */
    private static String digest(String token) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha.digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
