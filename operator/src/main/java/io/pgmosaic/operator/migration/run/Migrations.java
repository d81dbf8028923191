package io.pgmosaic.operator.migration.run;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.pgmosaic.operator.cluster.AcceptedSpecs;
import io.pgmosaic.operator.cluster.ShardLogins;
import io.pgmosaic.operator.event.EventRecorder;
import io.pgmosaic.operator.instance.HttpInstanceClient;
import io.pgmosaic.operator.observe.ClusterWatch;
import io.pgmosaic.operator.split.record.ClusterRecords;

import java.time.Clock;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** Puts the parts together that carry out migrations. */
public final class Migrations {
    private Migrations() {}

    /**
     * @param namespaces to watch; empty for all
     * @param leads whether this replica may act
     */
    public static MigrationRuns of(
            KubernetesClient client,
            Set<String> namespaces,
            ClusterWatch watch,
            AcceptedSpecs acceptedSpecs,
            ShardLogins logins,
            HttpInstanceClient instances,
            EventRecorder events,
            BooleanSupplier leads,
            Clock clock) {
        MigrationTeller teller = new MigrationTeller(client, events, clock);
        MigrationShards shards = new MigrationShards(logins, instances, watch);
        ClusterRecords records = new ClusterRecords(client);
        return new MigrationRuns(
                client,
                namespaces,
                watch,
                leads,
                key -> new MigrationRun(
                        key,
                        leads,
                        client,
                        acceptedSpecs,
                        records,
                        teller,
                        new SchemaTeller(key, records, clock),
                        new MigrationCheck(key, shards),
                        (of, isOver, news) -> new MigrationSteps(of, shards, clock, isOver, news)));
    }
}
