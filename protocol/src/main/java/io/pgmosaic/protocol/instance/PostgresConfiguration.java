package io.pgmosaic.protocol.instance;

import java.util.List;
import java.util.Map;

/**
 * What the operator wants PostgreSQL on an instance to run with. Always whole, never a difference.
 *
 * @param sequence number of this configuration within its term; an instance refuses one older than it has applied
 * @param parameters {@code postgresql.conf} settings by name, unquoted values; includes none of the operator-owned ones
 *     that the other components of this record carry
 * @param synchronousStandbyNames the value of that parameter, explicit names only; empty for asynchronous replication
 * @param replicationSlots physical slots that must exist; others whose name starts with {@code mosaic_} are dropped
 * @param acceptClients whether roles other than the product's own are admitted; on a primary only once it was opened
 * @param lease of a primary
 */
public record PostgresConfiguration(
        long sequence,
        Map<String, String> parameters,
        String synchronousStandbyNames,
        List<String> replicationSlots,
        boolean acceptClients,
        Lease lease) {

    /**
     * When a primary stops itself.
     *
     * @param millis without the confirmation of the operator or of a majority of the shard; 0 when it never does
     * @param members instances of the shard, this one included, of which a majority counts
     */
    public record Lease(long millis, int members) {
        public static Lease none() {
            return new Lease(0, 1);
        }
    }

    /** Without a lease. */
    public PostgresConfiguration(
            long sequence,
            Map<String, String> parameters,
            String synchronousStandbyNames,
            List<String> replicationSlots,
            boolean acceptClients) {
        this(sequence, parameters, synchronousStandbyNames, replicationSlots, acceptClients, Lease.none());
    }

    public PostgresConfiguration {
        parameters = Map.copyOf(parameters);
        replicationSlots = List.copyOf(replicationSlots);
        lease = lease == null ? Lease.none() : lease;
    }
}
