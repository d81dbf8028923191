package io.pgmosaic.operator.plan;

import io.pgmosaic.operator.desired.Ports;
import io.pgmosaic.protocol.instance.InstanceRole;
import io.pgmosaic.protocol.instance.Upstream;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;

/**
 * What a shard has to do with clones.
 *
 * @param origin whose data it begins with; null for a shard that begins empty
 * @param slots on its primary, for shards that begin with its data
 */
public record CloneFacts(@Nullable Origin origin, List<String> slots) {
    public CloneFacts {
        slots = List.copyOf(slots);
    }

    public static CloneFacts none() {
        return new CloneFacts(null, List.of());
    }

    /** The physical slot on the origin's primary that belongs to the clone of this name. */
    public static String slot(String clone) {
        return "mosaic_clone_" + clone.replace('-', '_');
    }

    /**
     * The shard whose data another one begins with.
     *
     * @param term that it is in
     * @param systemIdentifier of its data; null while it has none
     * @param primary whom to follow; null while nobody can be followed, or the slot is not there
     * @param backup whom to copy the data from: a standby that streams, else the primary; null while nobody can be
     * @param slot on the primary, for the clone
     * @param isCut whether the clone is to follow no more and become a shard of its own
     */
    public record Origin(
            String shard,
            long term,
            @Nullable String systemIdentifier,
            @Nullable Upstream primary,
            @Nullable Upstream backup,
            String slot,
            boolean isCut) {

        /** Of what is known of that shard, whose facts name the clone's slot. */
        public static Origin of(ShardFacts shard, String clone, boolean isCut) {
            ShardRecord record = shard.record();
            Optional<InstanceFacts> primary = shard.instance(record.primary())
                    .filter(instance -> record.election() == null && instance.isPrimaryOf(record.term()))
                    .filter(instance -> hasSlots(instance, shard));
            Upstream followed =
                    primary.map(instance -> upstream(shard, instance)).orElse(null);
            Upstream copied = primary.flatMap(running -> streaming(shard, running))
                    .map(instance -> upstream(shard, instance))
                    .orElse(followed);
            return new Origin(
                    record.shard(),
                    record.term(),
                    record.systemIdentifier(),
                    followed,
                    copied,
                    CloneFacts.slot(clone),
                    isCut);
        }

        private static boolean hasSlots(InstanceFacts primary, ShardFacts shard) {
            return primary.status() != null
                    && primary.address() != null
                    && Configurations.isApplied(
                            primary.status(),
                            shard.record().term(),
                            Configurations.primary(shard, shard.record().configuration()));
        }

        /** A standby that has all that the primary's disk has, or nearly; its disk has less to do. */
        private static Optional<InstanceFacts> streaming(ShardFacts shard, InstanceFacts primary) {
            return shard.declared().stream()
                    .filter(instance -> !instance.name().equals(primary.name()))
                    .filter(instance -> instance.address() != null && instance.answers())
                    .filter(instance -> instance.isRole(InstanceRole.STANDBY)
                            && instance.isStandbyOf(shard.record().term()))
                    .filter(instance -> primary.status() != null
                            && primary.status().postgres().replicas().stream()
                                    .anyMatch(replica -> replica.instance().equals(instance.name())
                                            && SynchronousSets.isStreaming(replica)))
                    .findFirst();
        }

        private static @Nullable Upstream upstream(ShardFacts shard, InstanceFacts instance) {
            String address = instance.address();
            return address == null
                    ? null
                    : new Upstream(
                            instance.name(),
                            shard.identity().host(instance.name()),
                            address,
                            Ports.POSTGRES,
                            Ports.MANAGER);
        }
    }
}
