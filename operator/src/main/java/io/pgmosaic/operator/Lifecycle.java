package io.pgmosaic.operator;

import io.pgmosaic.operator.cluster.ClusterSignals;
import io.pgmosaic.operator.cluster.ClusterTrust;
import io.pgmosaic.operator.cluster.CommandSender;
import io.pgmosaic.operator.cluster.OperatorIdentity;
import io.pgmosaic.operator.database.DatabaseKeeper;
import io.pgmosaic.operator.event.EventRecorder;
import io.pgmosaic.operator.instance.HttpInstanceClient;
import io.pgmosaic.operator.metrics.ClusterMetrics;
import io.pgmosaic.operator.observe.ClusterWatch;
import io.pgmosaic.operator.observe.InstanceObserver;
import io.pgmosaic.operator.topology.TopologyServer;
import io.pgmosaic.operator.topology.TopologyService;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.jboss.logging.Logger;

/** Starts what every replica runs, leader or not: the watches, the observer and the topology endpoint. */
@ApplicationScoped
public final class Lifecycle {
    private static final Logger LOG = Logger.getLogger(Lifecycle.class);

    void start(
            @Observes StartupEvent event,
            OperatorSettings settings,
            ClusterWatch watch,
            InstanceObserver observer,
            TopologyService topology,
            TopologyServer server,
            ClusterSignals signals,
            DatabaseKeeper databases,
            ClusterTrust trust,
            ClusterMetrics metrics,
            OperatorIdentity identity,
            Vertx vertx) {
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
        int port = server.listen(settings.topology().host(), settings.topology().port());
        vertx.setPeriodic(
                OperatorIdentity.renewAfter().toMillis(),
                timer -> server.replaceCertificate(identity.issueTopologyServer()));
        LOG.infof("topology at port %d, announced as %s", port, String.join(", ", settings.topologyUrls()));
    }

    void stop(
            @Observes ShutdownEvent event,
            ClusterWatch watch,
            InstanceObserver observer,
            TopologyServer server,
            CommandSender commands,
            DatabaseKeeper databases,
            EventRecorder events,
            HttpInstanceClient client) {
        watch.close();
        observer.close();
        commands.close();
        databases.close();
        events.close();
        server.close();
        client.close();
    }
}
