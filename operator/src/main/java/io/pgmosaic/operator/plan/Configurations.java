package io.pgmosaic.operator.plan;

import io.pgmosaic.api.v1alpha1.common.DurationText;
import io.pgmosaic.protocol.instance.AppliedConfiguration;
import io.pgmosaic.protocol.instance.ConfigurationFingerprint;
import io.pgmosaic.protocol.instance.InstanceStatus;
import io.pgmosaic.protocol.instance.PostgresConfiguration;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The configuration that each instance of a shard is to run with. */
final class Configurations {
    private Configurations() {}

    /** The physical slot on the primary that belongs to the instance of this ordinal. */
    static String slot(int ordinal) {
        return "mosaic_" + ordinal;
    }

    /**
     * One for each standby and each clone; the primary has none of its own, since nobody would ever read it. A standby that is no longer
     * declared keeps its slot until its pod is gone: PostgreSQL drops no slot that somebody streams from.
     */
    static List<String> slots(ShardFacts facts, @Nullable String primary) {
        int declared = facts.spec().instancesPerShard();
        Stream<String> standbys = facts.instances().stream()
                .filter(instance -> instance.ordinal() < declared || instance.address() != null)
                .filter(instance -> !instance.name().equals(primary))
                .map(instance -> slot(instance.ordinal()));
        return Stream.concat(standbys, facts.clones().slots().stream()).toList();
    }

    /**
     * What the recorded primary is to run with, and the record of it. The sequence goes up only when the content differs
     * from what is recorded, so that two operators with the same facts decide the same. A set that is replaced joins the
     * earlier ones, and so does a lease.
     */
    static ShardRecord.Configuration recorded(ShardFacts facts, SynchronousSet wanted) {
        ShardRecord.Configuration last = facts.record().configuration();
        boolean acceptClients = last.acceptClients() || facts.databaseReady();
        String fingerprint = fingerprint(facts, facts.record().primary(), wanted, acceptClients);
        if (fingerprint.equals(last.fingerprint()) && wanted.equals(last.synchronous())) {
            return last;
        }
        List<SynchronousSet> earlier = new ArrayList<>(last.earlier());
        if (!wanted.equals(last.synchronous()) && !earlier.contains(last.synchronous())) {
            earlier.add(last.synchronous());
        }
        List<PostgresConfiguration.Lease> leases = new ArrayList<>(last.leases());
        leases.remove(lease(facts));
        leases.add(lease(facts));
        return new ShardRecord.Configuration(last.sequence() + 1, fingerprint, wanted, earlier, leases, acceptClients);
    }

    /** Of the content of a primary's configuration, its sequence left out. */
    static String fingerprint(
            ShardFacts facts, @Nullable String primary, SynchronousSet synchronous, boolean acceptClients) {
        return ConfigurationFingerprint.of(primary(facts, primary, 0, synchronous, acceptClients));
    }

    static PostgresConfiguration primary(ShardFacts facts, ShardRecord.Configuration recorded) {
        return primary(
                facts, facts.record().primary(), recorded.sequence(), recorded.synchronous(), recorded.acceptClients());
    }

    private static PostgresConfiguration primary(
            ShardFacts facts,
            @Nullable String primary,
            long sequence,
            SynchronousSet synchronous,
            boolean acceptClients) {
        return new PostgresConfiguration(
                sequence,
                facts.spec().postgres().parameters(),
                SynchronousReplication.names(facts.spec().replication(), synchronous),
                slots(facts, primary),
                acceptClients,
                lease(facts));
    }

    /** The one that is declared. */
    static PostgresConfiguration.Lease lease(ShardFacts facts) {
        return new PostgresConfiguration.Lease(
                DurationText.parse(facts.spec().failover().leaseDuration()).toMillis(),
                facts.spec().instancesPerShard());
    }

    /** A standby keeps no slots: one that nobody reads would hold back its log for ever. */
    static PostgresConfiguration standby(ShardFacts facts, ShardRecord.Configuration recorded) {
        return new PostgresConfiguration(
                recorded.sequence(), facts.spec().postgres().parameters(), "", List.of(), recorded.acceptClients());
    }

    /** Whether the instance runs with exactly this content. */
    static boolean isApplied(InstanceStatus status, long term, PostgresConfiguration wanted) {
        AppliedConfiguration applied = status.postgres().configuration();
        return applied != null
                && applied.term() == term
                && applied.sequence() == wanted.sequence()
                && applied.fingerprint().equals(ConfigurationFingerprint.of(wanted));
    }
}
