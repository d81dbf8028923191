package io.pgmosaic.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ConfigurationService;
import io.micrometer.core.instrument.MeterRegistry;
import io.pgmosaic.api.v1alpha1.cluster.CertificateIssuer;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.operator.access.ServiceAccountTokens;
import io.pgmosaic.operator.access.TopologyAccess;
import io.pgmosaic.operator.admission.InjectionRefusals;
import io.pgmosaic.operator.admission.Webhooks;
import io.pgmosaic.operator.cluster.AcceptedSpecs;
import io.pgmosaic.operator.cluster.ClusterEffects;
import io.pgmosaic.operator.cluster.ClusterSecrets;
import io.pgmosaic.operator.cluster.ClusterSignals;
import io.pgmosaic.operator.cluster.ClusterTrust;
import io.pgmosaic.operator.cluster.CommandSender;
import io.pgmosaic.operator.cluster.KnownClusters;
import io.pgmosaic.operator.cluster.OperatorIdentity;
import io.pgmosaic.operator.cluster.RecordedTerms;
import io.pgmosaic.operator.cluster.Secrets;
import io.pgmosaic.operator.cluster.ShardLogins;
import io.pgmosaic.operator.cluster.ShardedClusterReconciler;
import io.pgmosaic.operator.cluster.TopologyTokens;
import io.pgmosaic.operator.database.DatabaseKeeper;
import io.pgmosaic.operator.database.DatabaseSetup;
import io.pgmosaic.operator.directory.Directories;
import io.pgmosaic.operator.event.EventRecorder;
import io.pgmosaic.operator.ids.MachineLeases;
import io.pgmosaic.operator.instance.HttpInstanceClient;
import io.pgmosaic.operator.instance.InstanceTrust;
import io.pgmosaic.operator.instance.PresentRecord;
import io.pgmosaic.operator.leadership.ElectionTimings;
import io.pgmosaic.operator.leadership.Leadership;
import io.pgmosaic.operator.leadership.LedReconciler;
import io.pgmosaic.operator.lookup.Lookups;
import io.pgmosaic.operator.metrics.ClusterMetrics;
import io.pgmosaic.operator.migration.drift.DriftCheck;
import io.pgmosaic.operator.migration.run.MigrationRuns;
import io.pgmosaic.operator.migration.run.Migrations;
import io.pgmosaic.operator.observe.ClusterWatch;
import io.pgmosaic.operator.observe.InstanceObserver;
import io.pgmosaic.operator.observe.MonotonicClock;
import io.pgmosaic.operator.split.record.ClusterRecords;
import io.pgmosaic.operator.split.run.SplitRuns;
import io.pgmosaic.operator.split.run.Splits;
import io.pgmosaic.operator.topology.NodeZones;
import io.pgmosaic.operator.topology.StreamLimits;
import io.pgmosaic.operator.topology.TopologyHub;
import io.pgmosaic.operator.topology.TopologyPulse;
import io.pgmosaic.operator.topology.TopologyServer;
import io.pgmosaic.operator.topology.TopologyService;
import io.pgmosaic.operator.topology.Zones;
import io.pgmosaic.operator.upkeep.Upkeep;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Singleton;

import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Puts the operator's parts together. The parts themselves know nothing of the container. */
@ApplicationScoped
public final class Wiring {
    /** How long a permission to read a topology can outlive its withdrawal. */
    private static final Duration RECHECK = Duration.ofMinutes(10);

    private static final String LEASE_NAME = "pgmosaic-operator";

    /** What observations, tokens and proofs of leadership are dated by. */
    @Produces
    @Singleton
    @Typed(MonotonicClock.class)
    MonotonicClock monotonicClock() {
        return new MonotonicClock();
    }

    @Produces
    @Singleton
    Leadership leadership(KubernetesClient client, OperatorSettings settings, MonotonicClock clock) {
        OperatorSettings.Election election = settings.election();
        return new Leadership(
                client,
                settings.namespace(),
                LEASE_NAME,
                settings.pod(),
                new ElectionTimings(election.leaseDuration(), election.renewDeadline(), election.retryPeriod()),
                clock);
    }

    /** The framework's part; it would end the process when the lead is lost, so the leadership is kept outside of it. */
    @Produces
    @ApplicationScoped
    Operator operator(
            ConfigurationService configuration,
            ShardedClusterReconciler passes,
            Leadership leadership,
            KubernetesClient client,
            ClusterMetrics metrics) {
        Operator operator = new Operator(configuration);
        operator.register(
                new LedReconciler(passes, leadership, client, metrics::forget),
                configuration.getConfigurationFor(passes));
        return operator;
    }

    @Produces
    @Singleton
    RecordedTerms recordedTerms(Leadership leadership, MonotonicClock clock) {
        return new RecordedTerms(leadership::ledSince, leadership::reign, clock);
    }

    @Produces
    @Singleton
    Clock clock() {
        return Clock.systemUTC();
    }

    @Produces
    @Singleton
    Secrets secrets(KubernetesClient client) {
        return new Secrets(client);
    }

    @Produces
    @Singleton
    OperatorIdentity operatorIdentity(Secrets secrets, OperatorSettings settings, Clock clock)
            throws GeneralSecurityException {
        return OperatorIdentity.load(secrets, settings.namespace(), clock);
    }

    @Produces
    @Singleton
    InstanceTrust instanceTrust() {
        return new InstanceTrust();
    }

    @Produces
    @Singleton
    ClusterTrust clusterTrust(Secrets secrets, InstanceTrust trust, KubernetesClient client, Clock clock) {
        return new ClusterTrust(secrets, cluster -> issuer(client, cluster), trust, Thread::startVirtualThread, clock);
    }

    /** Asked for, since the watch that would know observes through this very trust. The API lets nobody change it. */
    private static Optional<CertificateIssuer> issuer(KubernetesClient client, ClusterKey cluster) {
        return Optional.ofNullable(client.resources(ShardedCluster.class)
                        .inNamespace(cluster.namespace())
                        .withName(cluster.name())
                        .get())
                .map(found -> found.getSpec().tls().issuer());
    }

    @Produces
    @Singleton
    HttpInstanceClient instanceClient(InstanceTrust trust, ClusterTrust loader, KubernetesClient client) {
        return new HttpInstanceClient(trust, loader::ensure, new PresentRecord(client));
    }

    @Produces
    @Singleton
    InstanceObserver observer(HttpInstanceClient client, RecordedTerms terms, MonotonicClock clock) {
        return new InstanceObserver(client, clock, terms);
    }

    @Produces
    @Singleton
    ClusterWatch watch(KubernetesClient client, OperatorSettings settings, InstanceObserver observer) {
        return new ClusterWatch(
                client, settings.watchNamespaces().map(Set::copyOf).orElse(Set.of()), observer);
    }

    @Produces
    @Singleton
    AcceptedSpecs acceptedSpecs(ClusterWatch watch, KubernetesClient client) {
        return new AcceptedSpecs(watch, client.getKubernetesSerialization());
    }

    @Produces
    @Singleton
    ClusterSignals signals() {
        return new ClusterSignals();
    }

    @Produces
    @Singleton
    TopologyHub hub(MonotonicClock clock) {
        return new TopologyHub(clock);
    }

    @Produces
    @Singleton
    TopologyPulse topologyPulse(ClusterWatch watch, TopologyService topology) {
        return new TopologyPulse(
                () -> watch.clusters().stream().map(ClusterKey::of).toList(), topology::refresh);
    }

    @Produces
    @Singleton
    TopologyService topologyService(
            ClusterWatch watch,
            InstanceObserver observer,
            AcceptedSpecs acceptedSpecs,
            TopologyHub hub,
            KubernetesClient client,
            OperatorSettings settings,
            Clock clock) {
        Zones zones = new Zones(settings.topology().readsNodes() ? NodeZones.asking(client) : null);
        return new TopologyService(
                watch, observer, acceptedSpecs, hub, zones, settings.topology().hostForm(), clock);
    }

    @Produces
    @Singleton
    TopologyServer topologyServer(
            Vertx vertx,
            TopologyHub hub,
            TopologyAccess access,
            MachineLeases machineLeases,
            Directories directories,
            OperatorIdentity identity,
            OperatorSettings settings,
            MeterRegistry registry,
            Clock clock) {
        return new TopologyServer(
                vertx,
                hub,
                access::refusal,
                machineLeases::ask,
                new TopologyServer.Directories(access::changeRefusal, directories::change),
                StreamLimits.of(settings.topology().maxStreams(), RECHECK),
                identity.issueTopologyServer(),
                registry,
                clock);
    }

    @Produces
    @Singleton
    Directories directories(ClusterWatch watch, AcceptedSpecs acceptedSpecs, Secrets secrets) {
        return new Directories(watch, acceptedSpecs, new ShardLogins(watch, secrets));
    }

    @Produces
    @Singleton
    Upkeep upkeep(
            Directories directories,
            ClusterWatch watch,
            AcceptedSpecs acceptedSpecs,
            Secrets secrets,
            KubernetesClient client,
            Leadership leadership,
            Clock clock) {
        ShardLogins logins = new ShardLogins(watch, secrets);
        Lookups lookups = new Lookups(watch, acceptedSpecs, logins);
        DriftCheck drift = new DriftCheck(watch, acceptedSpecs, logins, new ClusterRecords(client), clock);
        return new Upkeep(
                Map.of(
                        "the directory", directories::finish,
                        "the lookup entries", lookups::finish,
                        "the schema", drift::begin),
                leadership::leads);
    }

    @Produces
    @Singleton
    SplitRuns splitRuns(
            KubernetesClient client,
            OperatorSettings settings,
            ClusterWatch watch,
            AcceptedSpecs acceptedSpecs,
            Secrets secrets,
            HttpInstanceClient instances,
            EventRecorder events,
            Leadership leadership,
            Clock clock) {
        return Splits.of(
                client,
                settings.watchNamespaces().map(Set::copyOf).orElse(Set.of()),
                watch,
                acceptedSpecs,
                new ShardLogins(watch, secrets),
                instances,
                events,
                leadership::leads,
                clock);
    }

    @Produces
    @Singleton
    MigrationRuns migrationRuns(
            KubernetesClient client,
            OperatorSettings settings,
            ClusterWatch watch,
            AcceptedSpecs acceptedSpecs,
            Secrets secrets,
            HttpInstanceClient instances,
            EventRecorder events,
            Leadership leadership,
            Clock clock) {
        return Migrations.of(
                client,
                settings.watchNamespaces().map(Set::copyOf).orElse(Set.of()),
                watch,
                acceptedSpecs,
                new ShardLogins(watch, secrets),
                instances,
                events,
                leadership::leads,
                clock);
    }

    @Produces
    @Singleton
    MachineLeases machineLeases(KubernetesClient client, MeterRegistry registry, Clock clock) {
        return new MachineLeases(client, registry, clock);
    }

    @Produces
    @Singleton
    TopologyAccess topologyAccess(
            Secrets secrets,
            KubernetesClient client,
            OperatorSettings settings,
            KnownClusters known,
            MonotonicClock clock) {
        TopologyTokens shared = new TopologyTokens(secrets);
        ServiceAccountTokens reviewed =
                settings.topology().serviceAccounts() ? new ServiceAccountTokens(client, clock) : null;
        return new TopologyAccess(shared::admits, reviewed, known::contain);
    }

    @Produces
    @Singleton
    KnownClusters knownClusters(ClusterWatch watch, KubernetesClient client) {
        return new KnownClusters(cluster -> watch.cluster(cluster).isPresent(), client);
    }

    @Produces
    @Singleton
    Webhooks webhooks(
            Vertx vertx,
            KubernetesClient client,
            OperatorSettings settings,
            OperatorIdentity identity,
            KnownClusters known,
            AcceptedSpecs acceptedSpecs,
            EventRecorder events,
            MeterRegistry registry,
            MonotonicClock clock) {
        return new Webhooks(
                vertx,
                client,
                settings,
                identity,
                known::contain,
                acceptedSpecs::accepted,
                new InjectionRefusals(events, clock),
                registry);
    }

    @Produces
    @Singleton
    ClusterMetrics clusterMetrics(MeterRegistry registry) {
        return new ClusterMetrics(registry);
    }

    @Produces
    @Singleton
    DatabaseKeeper databases(ClusterSignals signals, Clock clock) {
        return new DatabaseKeeper(new DatabaseSetup()::bringTo, clock, signals::callFor);
    }

    @Produces
    @Singleton
    CommandSender commands(HttpInstanceClient client, InstanceObserver observer, ClusterSignals signals) {
        return new CommandSender(client, observer, signals::callFor);
    }

    @Produces
    @Singleton
    EventRecorder events(KubernetesClient client, OperatorSettings settings, Clock clock) {
        return new EventRecorder(client, settings.pod(), clock);
    }

    @Produces
    @Singleton
    ClusterEffects effects(
            KubernetesClient client,
            OperatorSettings settings,
            AcceptedSpecs acceptedSpecs,
            Secrets secrets,
            OperatorIdentity identity,
            ClusterWatch watch,
            InstanceObserver observer,
            DatabaseKeeper databases,
            CommandSender commands,
            RecordedTerms terms,
            EventRecorder events,
            ClusterSignals signals,
            Clock clock) {
        return new ClusterEffects(
                client,
                settings,
                acceptedSpecs,
                new ClusterSecrets(secrets, identity, clock),
                watch,
                observer,
                databases,
                commands,
                terms,
                events,
                signals,
                clock);
    }
}
