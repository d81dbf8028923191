package io.pgmosaic.operator;

import io.javaoperatorsdk.operator.Operator;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.pgmosaic.operator.admission.Webhooks;
import io.pgmosaic.operator.cluster.ClusterSignals;
import io.pgmosaic.operator.cluster.ClusterTrust;
import io.pgmosaic.operator.cluster.CommandSender;
import io.pgmosaic.operator.cluster.OperatorIdentity;
import io.pgmosaic.operator.database.DatabaseKeeper;
import io.pgmosaic.operator.event.EventRecorder;
import io.pgmosaic.operator.ids.MachineLeases;
import io.pgmosaic.operator.instance.HttpInstanceClient;
import io.pgmosaic.operator.leadership.Leadership;
import io.pgmosaic.operator.metrics.ClusterMetrics;
import io.pgmosaic.operator.migration.run.MigrationRuns;
import io.pgmosaic.operator.observe.ClusterWatch;
import io.pgmosaic.operator.observe.InstanceObserver;
import io.pgmosaic.operator.split.run.SplitRuns;
import io.pgmosaic.operator.topology.TopologyPulse;
import io.pgmosaic.operator.topology.TopologyServer;
import io.pgmosaic.operator.topology.TopologyService;
import io.pgmosaic.operator.upkeep.Upkeep;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import org.jboss.logging.Logger;

/**
 * Starts what every replica runs, leader or not: the watches, the observer, the topology endpoint and the webhooks; then it competes for the
 * lead. All of that waits for the Kubernetes API in the background, so that a process which starts while the API is away is
 * alive and goes on as soon as it answers, instead of being started again and again, each time later.
 */
@ApplicationScoped
public final class Lifecycle {
    private static final Logger LOG = Logger.getLogger(Lifecycle.class);

    @Inject
    OperatorSettings settings;

    @Inject
    ClusterWatch watch;

    @Inject
    InstanceObserver observer;

    @Inject
    TopologyService topology;

    @Inject
    ClusterSignals signals;

    @Inject
    DatabaseKeeper databases;

    @Inject
    ClusterTrust trust;

    @Inject
    ClusterMetrics metrics;

    @Inject
    MeterRegistry registry;

    @Inject
    Leadership leadership;

    @Inject
    CommandSender commands;

    @Inject
    EventRecorder events;

    @Inject
    HttpInstanceClient client;

    @Inject
    Vertx vertx;

    /** Needs the Kubernetes API to come into being. */
    @Inject
    Instance<OperatorIdentity> identity;

    /** Needs the identity. */
    @Inject
    Instance<TopologyServer> server;

    /** Needs the identity. */
    @Inject
    Instance<Webhooks> webhooks;

    @Inject
    MachineLeases machineLeases;

    /** Needs the identity. */
    @Inject
    Operator operator;

    @Inject
    TopologyPulse pulse;

    @Inject
    Upkeep upkeep;

    @Inject
    SplitRuns splits;

    @Inject
    MigrationRuns migrations;

    private volatile boolean listening;
    private volatile boolean admitting;

    void start(@Observes StartupEvent event) {
        Thread.ofPlatform().daemon().name("start").start(() -> {
            try {
                leadership.awaitApi();
                bringUp();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                LOG.error("the operator cannot be started and ends", e);
                Quarkus.asyncExit(1);
            }
        });
    }

    private void bringUp() {
        observer.addListener(topology::refresh);
        observer.addListener(signals::callFor);
        watch.addListener(cluster -> {
            if (watch.cluster(cluster).isEmpty()) {
                databases.forget(cluster);
                trust.forget(cluster);
                metrics.forget(cluster);
            }
            topology.refresh(cluster);
            signals.callFor(cluster);
        });
        watch.start();
        pulse.start();
        upkeep.start();
        splits.start();
        migrations.start();
        OperatorSettings.Topology endpoint = settings.topology();
        int port = server.get().listen(endpoint.host(), endpoint.port());
        listening = true;
        vertx.setPeriodic(OperatorIdentity.renewAfter().toMillis(), timer -> server.get()
                .replaceCertificate(identity.get().issueTopologyServer()));
        LOG.infof("topology at port %d, announced as %s", port, String.join(", ", settings.topologyUrls()));
        if (Webhooks.areWanted(settings)) {
            webhooks.get().start();
            admitting = true;
        }
        operator.start();
        compete();
    }

    private void compete() {
        Gauge.builder("pgmosaic.operator.leads", leadership, found -> found.leads() ? 1 : 0)
                .description("1 on the operator that leads, else 0")
                .register(registry);
        leadership.addListener(new Leadership.Listener() {
            @Override
            public void begun() {
                watch.clusters().forEach(cluster -> signals.callFor(ClusterKey.of(cluster)));
            }

            @Override
            public void ended() {
                watch.clusters().forEach(cluster -> metrics.forget(ClusterKey.of(cluster)));
            }
        });
        leadership.start();
    }

    void stop(@Observes ShutdownEvent event) {
        leadership.close();
        if (listening) {
            // While everything that they are told comes from still runs.
            server.get().dismiss();
        }
        pulse.close();
        upkeep.close();
        splits.close();
        migrations.close();
        watch.close();
        observer.close();
        commands.close();
        databases.close();
        events.close();
        if (admitting) {
            webhooks.get().close();
        }
        if (listening) {
            server.get().close();
        }
        machineLeases.close();
        client.close();
    }
}
