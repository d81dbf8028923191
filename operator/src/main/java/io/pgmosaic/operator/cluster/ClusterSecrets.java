package io.pgmosaic.operator.cluster;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.pgmosaic.api.v1alpha1.cluster.VolumePolicy;
import io.pgmosaic.operator.database.DatabaseIntent;
import io.pgmosaic.operator.desired.ClusterIntent;
import io.pgmosaic.operator.desired.ClusterNames;
import io.pgmosaic.operator.desired.CredentialKeys;
import io.pgmosaic.operator.desired.Labels;
import io.pgmosaic.operator.desired.SecretKey;
import io.pgmosaic.operator.pki.CertificateAuthority;
import io.pgmosaic.operator.pki.CertificateRenewal;
import io.pgmosaic.operator.plan.ShardIdentity;
import org.jspecify.annotations.Nullable;

import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The Secrets of a cluster: made when they are missing, renewed when they are due, otherwise left alone. */
public final class ClusterSecrets {
    private static final Duration AUTHORITY_LIFETIME = Duration.ofDays(3650);

    private final Secrets secrets;
    private final OperatorIdentity operator;
    private final ExternalCertificates external;
    private final Clock clock;

    public ClusterSecrets(Secrets secrets, OperatorIdentity operator, Clock clock) {
        this.secrets = secrets;
        this.operator = operator;
        this.external = new ExternalCertificates(secrets, clock);
        this.clock = clock;
    }

    /**
     * What a pass needs from the Secrets.
     *
     * @param authorityPem the cluster's certificate authority
     */
    record Content(String authorityPem, DatabaseIntent.Passwords passwords) {}

    /**
     * Sees to it that all Secrets exist.
     *
     * @param shards the names of all shards
     * @param hasData whether any shard has data, whose roles have the passwords of the Secrets
     * @throws ProblemException when a Secret that the user gave, or one that was changed, lacks something
     */
    Content ensure(ClusterIntent intent, List<String> shards, boolean hasData) throws ProblemException {
        String kept = ClusterNames.credentials(intent.name());
        if (hasData && secrets.find(intent.namespace(), kept).isEmpty()) {
            throw new ProblemException(
                    "Secret " + kept + " is gone, and PostgreSQL knows only the passwords that were in"
                            + " it; restore it from a backup. Nothing new is generated, since it would lock everybody out");
        }
        String authority =
                switch (intent.spec().tls().issuer()) {
                    case OPERATOR -> ownCertificates(intent, shards);
                    case EXTERNAL -> external.require(intent, shards);
                };
        Secret credentials = findOrCreateKept(
                intent,
                ClusterNames.credentials(intent.name()),
                () -> Map.of(
                        CredentialKeys.SUPERUSER, Passwords.generate(),
                        CredentialKeys.MANAGER, Passwords.generate(),
                        CredentialKeys.REPLICATION, Passwords.generate(),
                        CredentialKeys.SETUP, Passwords.generate(),
                        CredentialKeys.MONITOR, Passwords.generate()));
        for (String key : CredentialKeys.GIVEN_ONCE) {
            if (!Secrets.has(credentials, key)) {
                throw new ProblemException("Secret " + kept + " has no key " + key
                        + ", and PostgreSQL knows only the password that was in it; restore it from a backup");
            }
        }
        if (!Secrets.has(credentials, CredentialKeys.MONITOR)) {
            credentials = secrets.add(credentials, CredentialKeys.MONITOR, Passwords.generate());
        }
        if (intent.spec().credentials().applicationSecret() == null) {
            findOrCreateKept(
                    intent,
                    ClusterNames.application(intent.name()),
                    () -> Map.of(
                            "username", intent.spec().owner(),
                            "password", Passwords.generate(),
                            "database", intent.spec().database()));
        }
        Secret router = router(intent, authority);
        return new Content(
                authority,
                new DatabaseIntent.Passwords(
                        password(
                                intent,
                                SecretKey.superuser(intent.name(), intent.spec().credentials())),
                        Secrets.text(credentials, CredentialKeys.SETUP),
                        Secrets.text(credentials, CredentialKeys.MONITOR),
                        Secrets.text(router, CredentialKeys.ROUTER),
                        password(
                                intent,
                                SecretKey.application(
                                        intent.name(), intent.spec().credentials()))));
    }

    private String password(ClusterIntent intent, SecretKey where) throws ProblemException {
        Secret secret = secrets.find(intent.namespace(), where.secret())
                .orElseThrow(() -> new ProblemException("Secret " + where.secret()
                        + ", which spec.credentials names, does not exist in namespace " + intent.namespace()
                        + "; create it with the key " + where.key()));
        return Secrets.text(secret, where.key());
    }

    private String ownCertificates(ClusterIntent intent, List<String> shards) throws ProblemException {
        CertificateAuthority authority = authority(intent);
        for (String shard : shards) {
            serverCertificate(intent, shard, authority);
        }
        return authority.certificatePem();
    }

    private CertificateAuthority authority(ClusterIntent intent) throws ProblemException {
        Secret stored = findOrCreate(intent, ClusterNames.authority(intent.name()), () -> {
            var made = CertificateAuthority.create(
                    intent.namespace() + "." + intent.name(), clock.instant(), AUTHORITY_LIFETIME);
            return Secrets.data(made, made.certificate());
        });
        try {
            return CertificateAuthority.of(Secrets.certifiedKey(stored));
        } catch (GeneralSecurityException e) {
            throw new ProblemException("Secret " + stored.getMetadata().getName()
                    + " does not hold a certificate authority that can be used: " + e.getMessage());
        }
    }

    private void serverCertificate(ClusterIntent intent, String shard, CertificateAuthority authority)
            throws ProblemException {
        List<String> names = serverNames(intent, shard);
        Duration lifetime = intent.spec().tls().certificateLifetimeDuration();
        Secret stored = findOrCreate(
                intent,
                ClusterNames.shardCertificate(intent.name(), shard),
                () -> Secrets.data(
                        authority.issueInstance(names, clock.instant(), lifetime), authority.certificatePem()));
        boolean due = CertificateRenewal.isInstanceDue(
                Secrets.certifiedKey(stored),
                authority,
                names,
                clock.instant(),
                intent.spec().tls().renewBeforeDuration());
        if (due) {
            secrets.replaceData(
                    stored,
                    Secrets.data(
                            authority.issueInstance(names, clock.instant(), lifetime), authority.certificatePem()));
        }
    }

    /** The names under which clients, standbys and the operator reach the instances of a shard. */
    static List<String> serverNames(ClusterIntent intent, String shard) {
        ShardIdentity identity = new ShardIdentity(intent.namespace(), intent.name(), intent.uid(), shard);
        String suffix = "." + intent.namespace() + ".svc";
        return List.of(
                identity.service(),
                "*." + identity.service(),
                identity.workload() + "-primary" + suffix,
                identity.workload() + "-replicas" + suffix);
    }

    private Secret router(ClusterIntent intent, String authority) throws ProblemException {
        Secret stored = findOrCreate(
                intent,
                ClusterNames.router(intent.name()),
                () -> routerData(authority, Passwords.generate(), Passwords.generate(), null));
        String keys = Secrets.has(stored, CausalKeys.KEY) ? Secrets.text(stored, CausalKeys.KEY) : null;
        // A Secret of an earlier version has none, and whoever removes it gets another one.
        String password = Secrets.has(stored, CredentialKeys.ROUTER)
                ? Secrets.text(stored, CredentialKeys.ROUTER)
                : Passwords.generate();
        Map<String, String> wanted = routerData(authority, Secrets.text(stored, TopologyTokens.KEY), password, keys);
        return Secrets.encode(wanted).equals(stored.getData()) ? stored : secrets.replaceData(stored, wanted);
    }

    /**
     * @param password of the role with which routers ask databases
     * @param causalKeys those there are; null when there are none
     */
    private Map<String, String> routerData(
            String authority, String token, String password, @Nullable String causalKeys) {
        return Map.of(
                Secrets.AUTHORITY,
                operator.authorityPem(),
                TopologyTokens.KEY,
                token,
                "postgres-ca.crt",
                authority,
                CredentialKeys.ROUTER,
                password,
                CausalKeys.KEY,
                CausalKeys.due(causalKeys, clock.instant()));
    }

    private interface Data {
        Map<String, String> make();
    }

    /** A Secret that goes with the cluster. */
    private Secret findOrCreate(ClusterIntent intent, String name, Data data) throws ProblemException {
        return findOrCreate(intent, name, List.of(intent.owner()), data);
    }

    /**
     * A Secret that stays as long as the volumes do: a cluster made anew over kept volumes finds in them the passwords that
     * it had.
     */
    private Secret findOrCreateKept(ClusterIntent intent, String name, Data data) throws ProblemException {
        boolean volumesGo = intent.spec().storage().onDelete() == VolumePolicy.DELETE;
        return findOrCreate(intent, name, volumesGo ? List.of(intent.owner()) : List.of(), data);
    }

    private Secret findOrCreate(ClusterIntent intent, String name, List<OwnerReference> owners, Data data)
            throws ProblemException {
        Secret found = secrets.find(intent.namespace(), name).orElse(null);
        if (found == null) {
            found = secrets.create(new SecretBuilder()
                    .withNewMetadata()
                    .withName(name)
                    .withNamespace(intent.namespace())
                    .withLabels(Map.of(Labels.MANAGED_BY, Labels.MANAGER, Labels.CLUSTER, intent.name()))
                    .withOwnerReferences(owners)
                    .endMetadata()
                    .withData(Secrets.encode(data.make()))
                    .build());
        }
        Ownership.require(List.of(intent.owner()), found);
        return found;
    }
}
