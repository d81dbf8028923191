package io.pgmosaic.operator.split.run;

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

/** Puts the parts together that carry out splits. */
public final class Splits {
    private Splits() {}

    /**
     * @param namespaces to watch; empty for all
     * @param leads whether this replica may act
     */
    public static SplitRuns of(
            KubernetesClient client,
            Set<String> namespaces,
            ClusterWatch watch,
            AcceptedSpecs acceptedSpecs,
            ShardLogins logins,
            HttpInstanceClient instances,
            EventRecorder events,
            BooleanSupplier leads,
            Clock clock) {
        SplitTeller teller = new SplitTeller(client, events, clock);
        SplitShards shards = new SplitShards(logins, instances, watch, client);
        SplitSteps steps = new SplitSteps(shards, new ClusterRecords(client), teller, clock);
        return new SplitRuns(
                client,
                namespaces,
                watch,
                leads,
                (key, goesOn) -> new SplitRun(key, goesOn, client, acceptedSpecs, steps, teller),
                new SplitSweep(client, acceptedSpecs, shards, leads)::sweep);
    }
}
