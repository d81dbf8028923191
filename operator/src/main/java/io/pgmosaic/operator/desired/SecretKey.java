package io.pgmosaic.operator.desired;

import io.pgmosaic.api.v1alpha1.cluster.CredentialsSpec;

/** Where a password is found: in the Secret that the user named, else in the generated one. */
public record SecretKey(String secret, String key) {
    private static final String USER_KEY = "password";

    public static SecretKey superuser(String cluster, CredentialsSpec credentials) {
        return credentials.superuserSecret() == null
                ? new SecretKey(ClusterNames.credentials(cluster), CredentialKeys.SUPERUSER)
                : new SecretKey(credentials.superuserSecret().name(), USER_KEY);
    }

    public static SecretKey application(String cluster, CredentialsSpec credentials) {
        return credentials.applicationSecret() == null
                ? new SecretKey(ClusterNames.application(cluster), USER_KEY)
                : new SecretKey(credentials.applicationSecret().name(), USER_KEY);
    }
}
