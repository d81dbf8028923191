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

    /** Image of the routers that pods are given. */
    @WithDefault("pgmosaic/router:0.1.0")
    String routerImage();

    Topology topology();

    Admission admission();

    Injection injection();

    Validation validation();

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

    /** Where the API server calls the webhooks; nobody listens there unless one of them is enabled. */
    interface Admission {
        @WithDefault("0.0.0.0")
        String host();

        @WithDefault("9443")
        int port();

        /** Name of the webhook configurations, of either kind. */
        @WithDefault("pgmosaic-operator")
        String configuration();
    }

    /** The webhook that gives pods the router they ask for. */
    interface Injection {
        @WithDefault("false")
        boolean enabled();

        /** Resources of an injected router, as JSON of a container's {@code resources}. */
        @WithDefault("{}")
        String resources();

        /** Variables of an injected router beyond its own, as a JSON object of texts; names begin with {@code OTEL_}. */
        @WithDefault("{}")
        String env();

        /** Under which user a router runs; absent to leave that to the pod and the image. */
        Optional<Long> runAsUser();
    }

    /** The webhook that refuses clusters whose spec cannot be carried out. */
    interface Validation {
        @WithDefault("false")
        boolean enabled();
    }

    /** The endpoint that routers read. */
    interface Topology {
        @WithDefault("0.0.0.0")
        String host();

        @WithDefault("8443")
        int port();

        /** Base URLs under which routers reach the endpoint; the Service of the operator by default. */
        Optional<List<String>> urls();

        /** How many routers' streams this replica serves at once; a further one is sent elsewhere. */
        @WithDefault("5000")
        int maxStreams();

        /** Whether routers may show a token of their service account, which Kubernetes is asked to check. */
        @WithDefault("true")
        boolean serviceAccounts();

        /** Whether Kubernetes may be asked for nodes, to learn the zones of pods that do not tell theirs. */
        @WithDefault("false")
        @WithName("read-nodes")
        boolean readsNodes();

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
