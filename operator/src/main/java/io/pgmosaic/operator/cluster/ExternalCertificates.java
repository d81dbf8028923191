package io.pgmosaic.operator.cluster;

import io.fabric8.kubernetes.api.model.Secret;
import io.pgmosaic.operator.desired.ClusterIntent;
import io.pgmosaic.operator.desired.ClusterNames;
import io.pgmosaic.operator.pki.CertifiedKey;
import io.pgmosaic.operator.pki.IssuedCertificate;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Certificates that somebody else issues, such as cert-manager. They are only read: each shard's from the Secret of the name
 * that the operator would have given it, its own from one that no shard's can have.
 */
final class ExternalCertificates {
    private final Secrets secrets;
    private final Clock clock;

    ExternalCertificates(Secrets secrets, Clock clock) {
        this.secrets = secrets;
        this.clock = clock;
    }

    /**
     * Checks that every certificate is there and can be used.
     *
     * @return whom everybody in the cluster trusts
     * @throws ProblemException naming everything that is wrong, and what to do
     */
    String require(ClusterIntent intent, List<String> shards) throws ProblemException {
        List<String> problems = new ArrayList<>();
        String operators = ClusterNames.operatorClient(intent.name());
        String authority = read(intent, operators, problems)
                .map(content -> {
                    IssuedCertificate.problemsOfOperator(content.key(), content.authority(), clock.instant())
                            .forEach(problem -> problems.add("Secret " + operators + ": " + problem));
                    return content.authority();
                })
                .orElse(null);
        for (String shard : shards) {
            String name = ClusterNames.shardCertificate(intent.name(), shard);
            Optional<Content> found = read(intent, name, problems);
            if (found.isPresent()) {
                Content content = found.get();
                IssuedCertificate.problemsOfInstance(
                                content.key(),
                                authority == null ? content.authority() : authority,
                                ClusterSecrets.serverNames(intent, shard),
                                clock.instant())
                        .forEach(problem -> problems.add("Secret " + name + ": " + problem));
            }
        }
        if (authority == null || !problems.isEmpty()) {
            throw new ProblemException(String.join("; ", problems)
                    + ". spec.tls.issuer is External: have these certificates issued as docs/certificates.md says");
        }
        return authority;
    }

    private record Content(CertifiedKey key, String authority) {}

    private Optional<Content> read(ClusterIntent intent, String name, List<String> problems) {
        Optional<Secret> found = secrets.find(intent.namespace(), name);
        if (found.isEmpty()) {
            problems.add("Secret " + name + " does not exist in namespace " + intent.namespace());
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new Content(Secrets.certifiedKey(found.get()), Secrets.text(found.get(), Secrets.AUTHORITY)));
        } catch (ProblemException e) {
            problems.add(String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }
}
