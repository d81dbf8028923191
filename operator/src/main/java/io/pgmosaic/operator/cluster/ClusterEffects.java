package io.pgmosaic.operator.cluster;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.pgmosaic.operator.OperatorSettings;
import io.pgmosaic.operator.database.DatabaseKeeper;
import io.pgmosaic.operator.event.EventRecorder;
import io.pgmosaic.operator.observe.ClusterWatch;
import io.pgmosaic.operator.observe.InstanceObserver;

import java.time.Clock;

/** Everything with which the reconciler looks at and changes the outside world. */
public final class ClusterEffects {
    final KubernetesClient client;
    final OperatorSettings settings;
    final AcceptedSpecs acceptedSpecs;
    final PrerequisiteSource prerequisites;
    final ObjectApplier objects;
    final ShardFactsCollector facts;
    final DatabaseKeeper databases;
    final CommandSender commands;
    final RecordedTerms terms;
    final RoleLabels roleLabels;
    final FencingJobs fencingJobs;
    final StatusStore statuses;
    final EventRecorder events;
    final Clock clock;

    public ClusterEffects(
            KubernetesClient client,
            OperatorSettings settings,
            AcceptedSpecs acceptedSpecs,
            ClusterSecrets secrets,
            ClusterWatch watch,
            InstanceObserver observer,
            DatabaseKeeper databases,
            CommandSender commands,
            RecordedTerms terms,
            EventRecorder events,
            ClusterSignals signals,
            Clock clock) {
        this.client = client;
        this.settings = settings;
        this.acceptedSpecs = acceptedSpecs;
        this.prerequisites = new PrerequisiteSource(secrets, new InitialSqlSource(client), clock);
        this.objects = new ObjectApplier(client, clock);
        this.facts = new ShardFactsCollector(
                client, watch, observer, commands, new Setbacks(client, signals::callFor, clock), clock);
        this.databases = databases;
        this.commands = commands;
        this.terms = terms;
        this.roleLabels = new RoleLabels(client, watch);
        this.fencingJobs = new FencingJobs(client);
        this.statuses = new StatusStore(client, clock);
        this.events = events;
        this.clock = clock;
    }
}
