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
 * @param acceptClients whether {@code pg_hba.conf} admits roles other than the product's own
 */
public record PostgresConfiguration(
        long sequence,
        Map<String, String> parameters,
        String synchronousStandbyNames,
        List<String> replicationSlots,
        boolean acceptClients) {

    public PostgresConfiguration {
        parameters = Map.copyOf(parameters);
        replicationSlots = List.copyOf(replicationSlots);
    }
}
