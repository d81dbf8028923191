package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import io.pgmosaic.api.v1alpha1.common.DurationText;
import io.pgmosaic.api.v1alpha1.common.Patterns;

import java.time.Duration;

/** Who issues the certificates, and the lifetimes of those that the operator issues. Durations are a whole number and ms, s, m or h. */
@ValidationRule(
        value = "duration(self.certificateLifetime) >= duration('1h')",
        message = "tls.certificateLifetime is too short to renew in time: write at least 1h")
@ValidationRule(
        value = "duration(self.renewBefore) < duration(self.certificateLifetime)",
        message = "tls.renewBefore must be shorter than tls.certificateLifetime: write about a third of it")
@ValidationRule(
        value = "self.issuer == oldSelf.issuer",
        message =
                "tls.issuer cannot be changed, instances with certificates of two authorities do not trust each other: write the one that the cluster was created with")
@ApiValue
public record TlsSpec(
        @JsonPropertyDescription(
                "Who issues the certificates. Operator: the operator does, from an authority of the cluster's own. External: cert-manager or somebody else does, into the Secrets <cluster>-<shard>-tls and <cluster>-operator-client. It cannot be changed.")
        @Default("Operator")
        CertificateIssuer issuer,

        @JsonPropertyDescription("How long a server certificate is valid. 2160h are 90 days.")
        @Default("2160h")
        @Pattern(Patterns.DURATION)
        @Size(max = Patterns.DURATION_LENGTH)
        String certificateLifetime,

        @JsonPropertyDescription("How long before its end a certificate is replaced. Shorter than certificateLifetime.")
        @Default("720h")
        @Pattern(Patterns.DURATION)
        @Size(max = Patterns.DURATION_LENGTH)
        String renewBefore) {

    public static final String DEFAULT_CERTIFICATE_LIFETIME = "2160h";
    public static final String DEFAULT_RENEW_BEFORE = "720h";

    public TlsSpec {
        issuer = issuer == null ? CertificateIssuer.OPERATOR : issuer;
        certificateLifetime = certificateLifetime == null ? DEFAULT_CERTIFICATE_LIFETIME : certificateLifetime;
        renewBefore = renewBefore == null ? DEFAULT_RENEW_BEFORE : renewBefore;
    }

    public static TlsSpec defaults() {
        return new TlsSpec(CertificateIssuer.OPERATOR, DEFAULT_CERTIFICATE_LIFETIME, DEFAULT_RENEW_BEFORE);
    }

    /** {@code certificateLifetime} parsed; throws IllegalArgumentException when it is no duration. */
    public Duration certificateLifetimeDuration() {
        return DurationText.parse(certificateLifetime);
    }

    /** {@code renewBefore} parsed; throws IllegalArgumentException when it is no duration. */
    public Duration renewBeforeDuration() {
        return DurationText.parse(renewBefore);
    }
}
