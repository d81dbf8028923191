package io.pgmosaic.operator.cluster;

import io.fabric8.kubernetes.api.model.Secret;
import io.pgmosaic.api.v1alpha1.cluster.ShardState;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterSpec;
import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.database.DatabaseServer;
import io.pgmosaic.operator.desired.ClusterNames;
import io.pgmosaic.operator.desired.CredentialKeys;
import io.pgmosaic.operator.desired.Ports;
import io.pgmosaic.operator.desired.SecretKey;
import io.pgmosaic.operator.observe.ClusterWatch;

import java.util.List;

/** What it takes to log in at the primaries of a cluster: from the status, which any replica sees, and the Secrets. */
public final class ShardLogins {
    /**
     * A server, and the passwords of it.
     *
     * @param superuser password in plain text; never logged
     * @param setup likewise
     */
    public record Login(DatabaseServer server, String database, String superuser, String setup) {
        @Override
        public String toString() {
            return "Login[" + server.instance() + "]";
        }
    }

    /** A shard cannot be logged in at; the message is for a person. */
    public static final class NoLoginException extends Exception {
        private static final long serialVersionUID = 1L;

        NoLoginException(String message) {
            super(message);
        }
    }

    private final ClusterWatch watch;
    private final Secrets secrets;

    public ShardLogins(ClusterWatch watch, Secrets secrets) {
        this.watch = watch;
        this.secrets = secrets;
    }

    /** The recorded primary's; whether it is still that is found out by whoever connects. */
    public Login primary(ShardedCluster cluster, ShardedClusterSpec spec, String shard) throws NoLoginException {
        ClusterKey key = ClusterKey.of(cluster);
        ShardState state = cluster.getStatus().shards().stream()
                .filter(one -> one.name().equals(shard))
                .findFirst()
                .orElseThrow(() -> new NoLoginException("there is no shard " + shard));
        String primary = state.primary();
        String address = watch.pods(key, shard).stream()
                .filter(pod -> pod.getMetadata().getName().equals(primary))
                .filter(pod -> pod.getStatus() != null && pod.getStatus().getPodIP() != null)
                .map(pod -> pod.getStatus().getPodIP())
                .findFirst()
                .orElse(null);
        if (primary == null || address == null) {
            throw new NoLoginException("shard " + shard + " has no primary now");
        }
        try {
            List<Secret> found = List.of(
                    find(key, ClusterNames.router(key.name())),
                    find(
                            key,
                            SecretKey.superuser(key.name(), spec.credentials()).secret()),
                    find(key, ClusterNames.credentials(key.name())));
            return new Login(
                    new DatabaseServer(
                            primary,
                            state.term(),
                            address,
                            Ports.POSTGRES,
                            Secrets.text(found.get(0), "postgres-ca.crt")),
                    spec.database(),
                    Secrets.text(
                            found.get(1),
                            SecretKey.superuser(key.name(), spec.credentials()).key()),
                    Secrets.text(found.get(2), CredentialKeys.SETUP));
        } catch (ProblemException e) {
            throw new NoLoginException(String.valueOf(e.getMessage()));
        }
    }

    private Secret find(ClusterKey cluster, String name) throws NoLoginException {
        return secrets.find(cluster.namespace(), name)
                .orElseThrow(() -> new NoLoginException("Secret " + name + " does not exist"));
    }
}
