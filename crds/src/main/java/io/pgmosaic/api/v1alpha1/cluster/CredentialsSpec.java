package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import io.pgmosaic.api.v1alpha1.common.SecretName;
import org.jspecify.annotations.Nullable;

/** Secrets with passwords that you provide. What is absent is generated. */
@ApiValue
public record CredentialsSpec(
        @JsonPropertyDescription(
                "Secret with the key password: the password of the role postgres. Default: generated, in the Secret <cluster>-credentials under superuser-password.")
        @Nullable
        SecretName superuserSecret,

        @JsonPropertyDescription(
                "Secret with the key password: the password of the owner role. Default: generated, in the Secret <cluster>-app under password.")
        @Nullable
        SecretName applicationSecret) {

    public static CredentialsSpec defaults() {
        return new CredentialsSpec(null, null);
    }
}
