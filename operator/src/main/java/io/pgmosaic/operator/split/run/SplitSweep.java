package io.pgmosaic.operator.split.run;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pgmosaic.api.v1alpha1.cluster.ShardState;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterSpec;
import io.pgmosaic.api.v1alpha1.cluster.SplitState;
import io.pgmosaic.api.v1alpha1.split.ShardSplit;
import io.pgmosaic.operator.cluster.AcceptedSpecs;
import io.pgmosaic.operator.cluster.ShardLogins.NoLoginException;
import io.pgmosaic.operator.split.ShardDatabase;
import io.pgmosaic.operator.split.SplitNames;
import io.pgmosaic.operator.split.status.SplitStatuses;
import io.pgmosaic.operator.split.stream.Leftovers;
import io.pgmosaic.operator.split.stream.Leftovers.Leftover;
import io.pgmosaic.operator.split.verify.VerificationSchema;
import org.jboss.logging.Logger;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

/**
 * Takes away what is left in the shards' databases of splits that nobody knows: a statement of an operator that was late makes it, after
 * another one has brought the split to its end. A slot of that kind would keep the log for ever.
 *
 * <p>A split is recorded before anything is made for it, and no identifier is recorded twice. So what is found, of a split that a later
 * look at the API does not show, is of one that has ended.
 */
final class SplitSweep {
    private static final Logger LOG = Logger.getLogger(SplitSweep.class);

    private final KubernetesClient client;
    private final AcceptedSpecs acceptedSpecs;
    private final SplitShards shards;
    private final BooleanSupplier leads;

    SplitSweep(KubernetesClient client, AcceptedSpecs acceptedSpecs, SplitShards shards, BooleanSupplier leads) {
        this.client = client;
        this.acceptedSpecs = acceptedSpecs;
        this.shards = shards;
        this.leads = leads;
    }

    /** Looks at every shard of a cluster, as it was seen some time ago. What cannot be looked at now is looked at the next time. */
    void sweep(ShardedCluster seen) {
        Optional<ShardedClusterSpec> spec = acceptedSpecs.accepted(seen);
        if (spec.isEmpty()) {
            return;
        }
        for (ShardState shard : seen.getStatus().shards()) {
            if (shard.primary() == null || shard.retired() || !leads.getAsBoolean()) {
                continue;
            }
            try {
                sweep(seen, shards.database(seen, spec.get(), shard.name()));
            } catch (NoLoginException | SQLException | KubernetesClientException e) {
                LOG.debugf("shard %s cannot be swept now: %s", shard.name(), e.getMessage());
            }
        }
    }

    private void sweep(ShardedCluster seen, ShardDatabase database) throws SQLException {
        List<Leftover> found = Leftovers.find(database);
        if (found.isEmpty()) {
            return;
        }
        Optional<Set<String>> known = known(seen);
        if (known.isEmpty()) {
            return;
        }
        for (String stem : orphans(found, known.get())) {
            if (!leads.getAsBoolean()) {
                return;
            }
            LOG.infof("%s has something left of a split that nobody knows, %s: it is taken away", database, stem);
            forget(database, stem);
        }
    }

    /** Those of no split that is known; to be asked with what is known after they were found. */
    static Set<String> orphans(Collection<Leftover> found, Set<String> knownUids) {
        Set<String> stems = new TreeSet<>();
        for (Leftover one : found) {
            one.stem().filter(stem -> !SplitNames.isOfOne(stem, knownUids)).ifPresent(stems::add);
        }
        return stems;
    }

    /** The splits that are recorded, or declared and not at their end, by what the API says now. Empty when the cluster is gone. */
    private Optional<Set<String>> known(ShardedCluster seen) {
        String namespace = seen.getMetadata().getNamespace();
        ShardedCluster present = client.resources(ShardedCluster.class)
                .inNamespace(namespace)
                .withName(seen.getMetadata().getName())
                .get();
        if (present == null
                || !present.getMetadata().getUid().equals(seen.getMetadata().getUid())) {
            return Optional.empty();
        }
        Set<String> known = new HashSet<>();
        present.getStatus().splits().stream().map(SplitState::uid).forEach(known::add);
        for (ShardSplit split :
                client.resources(ShardSplit.class).inNamespace(namespace).list().getItems()) {
            if (!SplitStatuses.hasEnded(split.getStatus())) {
                known.add(split.getMetadata().getUid());
            }
        }
        return Optional.of(known);
    }

    /** The event triggers are the last of it: they tell that it is not done. */
    static void forget(ShardDatabase database, String stem) throws SQLException {
        try (Connection superuser = database.asSuperuser();
                Statement statement = superuser.createStatement()) {
            statement.execute(VerificationSchema.forget(stem));
        }
        Leftovers.drop(database, stem);
    }
}
