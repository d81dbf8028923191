package io.pgmosaic.operator;

import io.pgmosaic.operator.topology.TopologyService;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What whoever deploys the operator can set, as environment variables {@code PGMOSAIC_...}. */
@ConfigMapping(prefix = "pgmosaic")
public interface OperatorSettings {
    /** The operator's own namespace. */
    @WithDefault("pgmosaic-system")
    String namespace();

    /** The operator's own pod. */
    @WithDefault("pgmosaic-operator")
    String pod();

    /** Namespaces to watch; absent for all. */
    Optional<List<String>> watchNamespaces();

    /** Image of database pods whose spec names none; {@code {version}} stands for PostgreSQL's major version. */
    @WithDefault("pgmosaic/instance:0.1.0-pg{version}")
    String instanceImage();

    Topology topology();

    Election election();

    /** How soon a leader that is lost is replaced; the same for all replicas. */
    interface Election {
        /** How long the others see no renewal until one of them takes the lead. */
        @WithDefault("4s")
        Duration leaseDuration();

        /** How long the leader goes on without a renewal; less than {@link #leaseDuration}. */
        @WithDefault("3s")
        Duration renewDeadline();

        /** How often the leader renews, and the others look. */
        @WithDefault("500ms")
        Duration retryPeriod();
    }

    /** The endpoint that routers read. */
    interface Topology {
        @WithDefault("0.0.0.0")
        String host();

        @WithDefault("8443")
        int port();

        /** Base URLs under which routers reach the endpoint; the Service of the operator by default. */
        Optional<List<String>> urls();

        /** What clients are given as a server's host: its DNS name, or its address where no cluster DNS answers. */
        @WithDefault("DNS")
        @WithName("hosts")
        TopologyService.HostForm hostForm();
    }

    /** The topology URLs, with the default filled in. */
    default List<String> topologyUrls() {
        return topology()
                .urls()
                .orElseGet(() -> List.of("https://pgmosaic-operator-topology." + namespace() + ".svc:"
                        + topology().port()));
    }

    /** The image of database pods for a major version. */
    default String instanceImageFor(int majorVersion) {
        return instanceImage().replace("{version}", Integer.toString(majorVersion));
    }
}
