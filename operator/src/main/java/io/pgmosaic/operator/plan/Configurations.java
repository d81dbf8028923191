package io.pgmosaic.operator.plan;

import io.pgmosaic.protocol.instance.AppliedConfiguration;
import io.pgmosaic.protocol.instance.ConfigurationFingerprint;
import io.pgmosaic.protocol.instance.InstanceStatus;
import io.pgmosaic.protocol.instance.PostgresConfiguration;
import org.jspecify.annotations.Nullable;

import java.util.List;

/** The configuration that each instance of a shard is to run with. */
final class Configurations {
    private Configurations() {}

    /** The physical slot on the primary that belongs to the instance of this ordinal. */
    static String slot(int ordinal) {
        return "mosaic_" + ordinal;
    }

    /**
     * One for each standby; the primary has none of its own, since nobody would ever read it. A standby that is no longer
     * declared keeps its slot until its pod is gone: PostgreSQL drops no slot that somebody streams from.
     */
    static List<String> slots(ShardFacts facts, @Nullable String primary) {
        int declared = facts.spec().instancesPerShard();
        return facts.instances().stream()
                .filter(instance -> instance.ordinal() < declared || instance.address() != null)
                .filter(instance -> !instance.name().equals(primary))
                .map(instance -> slot(instance.ordinal()))
                .toList();
    }

    /**
     * What the primary is to run with, and the record of it. The sequence goes up only when the content differs from what
     * is recorded, so that two operators with the same facts decide the same.
     */
    static ShardRecord.Configuration recorded(ShardFacts facts, List<String> standbys) {
        int acknowledgements = Math.min(facts.spec().acknowledgements(), standbys.size());
        ShardRecord.Configuration last = facts.record().configuration();
        boolean acceptClients = last.acceptClients() || facts.databaseReady();
        String fingerprint = ConfigurationFingerprint.of(primary(facts, 0, standbys, acknowledgements, acceptClients));
        if (fingerprint.equals(last.fingerprint())) {
            return last;
        }
        return new ShardRecord.Configuration(
                last.sequence() + 1, fingerprint, standbys, acknowledgements, acceptClients);
    }

    static PostgresConfiguration primary(ShardFacts facts, ShardRecord.Configuration recorded) {
        return primary(
                facts,
                recorded.sequence(),
                recorded.synchronousStandbys(),
                recorded.acknowledgements(),
                recorded.acceptClients());
    }

    private static PostgresConfiguration primary(
            ShardFacts facts, long sequence, List<String> standbys, int acknowledgements, boolean acceptClients) {
        return new PostgresConfiguration(
                sequence,
                facts.spec().postgres().parameters(),
                SynchronousReplication.names(facts.spec().replication(), standbys, acknowledgements),
                slots(facts, facts.record().primary()),
                acceptClients);
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
