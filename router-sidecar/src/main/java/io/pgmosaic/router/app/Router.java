package io.pgmosaic.router.app;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.pgmosaic.router.consistency.KeyFile;
import io.pgmosaic.router.consistency.Sessions;
import io.pgmosaic.router.consistency.TokenCodec;
import io.pgmosaic.router.database.Databases;
import io.pgmosaic.router.directory.Directory;
import io.pgmosaic.router.hotkeys.HotKeys;
import io.pgmosaic.router.hotkeys.KeyNames;
import io.pgmosaic.router.http.Connections;
import io.pgmosaic.router.http.HealthApi;
import io.pgmosaic.router.http.HttpEndpoint;
import io.pgmosaic.router.http.IdsApi;
import io.pgmosaic.router.http.LookupSpans;
import io.pgmosaic.router.http.RouterApi;
import io.pgmosaic.router.ids.Ids;
import io.pgmosaic.router.ids.MachineNumberKeeper;
import io.pgmosaic.router.index.LookupIndexes;
import io.pgmosaic.router.limits.KeyLimits;
import io.pgmosaic.router.load.LoadShedder;
import io.pgmosaic.router.load.Pools;
import io.pgmosaic.router.log.JsonLog;
import io.pgmosaic.router.lookup.TableFactory;
import io.pgmosaic.router.metrics.GuaranteeMetrics;
import io.pgmosaic.router.metrics.HotKeyMetrics;
import io.pgmosaic.router.metrics.IdMetrics;
import io.pgmosaic.router.metrics.LookupMetrics;
import io.pgmosaic.router.metrics.OverloadMetrics;
import io.pgmosaic.router.metrics.ProbeMetrics;
import io.pgmosaic.router.metrics.ShardMetrics;
import io.pgmosaic.router.metrics.TopologyMetrics;
import io.pgmosaic.router.probe.Prober;
import io.pgmosaic.router.probe.SqlServerProbe;
import io.pgmosaic.router.topology.DirectoryCall;
import io.pgmosaic.router.topology.KnownTopology;
import io.pgmosaic.router.topology.MachineIdCall;
import io.pgmosaic.router.topology.StreamSettings;
import io.pgmosaic.router.topology.TopologyCheck;
import io.pgmosaic.router.topology.TopologyFile;
import io.pgmosaic.router.topology.TopologyReceiver;
import io.pgmosaic.router.topology.TopologyStore;
import io.pgmosaic.router.topology.TopologyStream;
import io.pgmosaic.router.topology.TopologyView;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** The parts of a router, put together. */
public final class Router implements AutoCloseable {
    private static final Duration SILENCE = Duration.ofSeconds(10);
    /** The operator has a new key believed for an hour before it signs. */
    private static final Duration KEYS_READ_EVERY = Duration.ofSeconds(10);

    private static final int MOST_EVENT_LOOPS = 4;
    private static final int WORKERS = 2;

    private final Vertx vertx;
    private final TopologyReceiver receiver;
    private final TopologyStream stream;
    private final Prober prober;
    private final Databases databases;
    private final List<HttpEndpoint> endpoints = new CopyOnWriteArrayList<>();
    private final List<HttpEndpoint> healthEndpoints = new CopyOnWriteArrayList<>();
    private final List<String> deployments = new CopyOnWriteArrayList<>();

    private Router(Vertx vertx, TopologyReceiver receiver, TopologyStream stream, Prober prober, Databases databases) {
        this.vertx = vertx;
        this.receiver = receiver;
        this.stream = stream;
        this.prober = prober;
        this.databases = databases;
    }

    /**
     * Returns when the router listens; it is ready once it knows a topology.
     *
     * @throws IllegalStateException when it cannot listen
     */
    public static Router start(RouterSettings settings, JsonLog log, @Nullable OpenTelemetry tracing) {
        return start(settings, log, SILENCE, tracing);
    }

    /**
     * @param silence after so long without a line the topology stream counts as dead
     * @param tracing where spans go; null for nowhere
     */
    public static Router start(
            RouterSettings settings, JsonLog log, Duration silence, @Nullable OpenTelemetry tracing) {
        Clock clock = Clock.systemUTC();
        RandomGenerator random = RandomGenerator.getDefault();
        PrometheusMeterRegistry registry = registry();
        TopologyMetrics topologyMetrics = new TopologyMetrics(registry);
        LookupMetrics lookupMetrics = new LookupMetrics(registry);
        TopologyView view = new TopologyView(clock);
        topologyMetrics.watch(() -> view.connected() ? 1 : 0, () -> seconds(view));
        int eventLoops = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, MOST_EVENT_LOOPS);
        Vertx vertx = vertx(eventLoops);
        TopologyReceiver receiver = new TopologyReceiver(
                new TopologyCheck(settings.namespace(), settings.cluster()),
                new TopologyStore(new TopologyFile(settings.stateDirectory()), topologyMetrics, log),
                view,
                new TableFactory(lookupMetrics, random.nextInt(), settings.zone()),
                topologyMetrics,
                log,
                clock);
        StreamSettings streamSettings = new StreamSettings(
                settings.namespace(), settings.cluster(), settings.topologyUrls(), settings.secretDirectory(), silence);
        Databases databases = new Databases(vertx, settings.secretDirectory());
        view.whenPublished(() -> keepOnlyKnown(receiver.known(), databases));
        Router router = new Router(
                vertx,
                receiver,
                new TopologyStream(vertx, streamSettings, receiver, view, topologyMetrics, log, random),
                new Prober(vertx, view, receiver, new SqlServerProbe(databases), new ProbeMetrics(registry), random),
                databases);
        KeyFile keys = new KeyFile(settings.secretDirectory(), log);
        Sessions sessions = new Sessions(settings.sessions(), System.nanoTime());
        Gauge.builder("pgmosaic.router.sessions", sessions, Sessions::size)
                .description("Pairs of session and shard that are remembered")
                .register(registry);
        KeyNames names = new KeyNames(() -> keys.derived("names of keys"));
        Pools pools = new Pools(System::nanoTime);
        KeyLimits limits = new KeyLimits();
        Connections clients = new Connections(settings.traffic().connections());
        Gauge.builder("pgmosaic.router.connections", clients, Connections::open)
                .description("Connections of clients")
                .register(registry);
        RouterApi api = new RouterApi(
                vertx,
                view,
                lookupMetrics,
                new RouterApi.Guarantees(sessions, new TokenCodec(keys, clock), new GuaranteeMetrics(registry)),
                new RouterApi.Traffic(
                        new ShardMetrics(registry, pools),
                        pools,
                        new HotKeys(settings.traffic().hotKeys(), new HotKeyMetrics(registry)::watch),
                        names,
                        settings.traffic().hotKeysShown(),
                        limits,
                        new LoadShedder(new OverloadMetrics(registry, limits, System::nanoTime)::watch)),
                new RouterApi.Bounds(
                        settings.traffic().waitingLookups(), settings.traffic().batches()),
                tracing == null ? null : new LookupSpans(tracing, names),
                new RouterApi.Directories(
                        new Directory(
                                databases,
                                settings.directory().settings(),
                                registry,
                                System::nanoTime,
                                view::toldMillisAgo),
                        new DirectoryCall(vertx, streamSettings)::change,
                        new LookupIndexes(databases, settings.directory().ofIndexes(), registry, System::nanoTime)),
                ids(vertx, streamSettings, registry, log, clock, random),
                registry::scrape,
                openApi(),
                log);
        try {
            keys.read();
            vertx.setPeriodic(KEYS_READ_EVERY.toMillis(), timer -> readAgain(vertx, keys, log));
            receiver.start();
            router.listen(api, settings, clients, eventLoops);
            router.stream.start();
            router.prober.start();
        } catch (RuntimeException e) {
            router.close();
            throw e;
        }
        log.info("listening", Map.of("address", settings.httpAddress(), "port", router.port()));
        return router;
    }

    /** The port on which the router listens. */
    public int port() {
        return endpoints.getFirst().actualPort();
    }

    /** The port of health and metrics alone; to be asked only of a router that has one. */
    public int healthPort() {
        return healthEndpoints.getFirst().actualPort();
    }

    /** Stops listening, answers what is in flight, stores the topology. */
    @Override
    public void close() {
        stream.stop().await();
        prober.stop();
        // What is in flight may need a thread, or a shard's answer.
        Future.join(deployments.stream().map(vertx::undeploy).toList()).await();
        databases.close();
        vertx.close().await();
        receiver.stop();
    }

    private void listen(RouterApi api, RouterSettings settings, Connections clients, int eventLoops) {
        // Endpoints of one negative port share a port that the system chooses; of 0 each would have its own.
        int port = settings.httpPort() == 0 ? -1 : settings.httpPort();
        deploy(endpoints, () -> new HttpEndpoint(api, api::invalid, clients, settings.httpAddress(), port), eventLoops);
        String address = settings.healthAddress();
        if (address != null) {
            HealthApi health = new HealthApi(api);
            deploy(
                    healthEndpoints,
                    () -> new HttpEndpoint(health, api::invalid, null, address, settings.healthPort()),
                    1);
        }
    }

    private void deploy(List<HttpEndpoint> started, Supplier<HttpEndpoint> endpoints, int instances) {
        Future<String> deployed = vertx.deployVerticle(
                () -> {
                    HttpEndpoint endpoint = endpoints.get();
                    started.add(endpoint);
                    return endpoint;
                },
                new DeploymentOptions().setInstances(instances));
        try {
            // Not await(), which throws a BindException undeclared, past every catch of a RuntimeException.
            deployments.add(deployed.toCompletionStage().toCompletableFuture().join());
        } catch (CompletionException e) {
            throw new IllegalStateException(String.valueOf(e.getCause()), e);
        }
    }

    /** Connections to servers that are gone are of no use, and a pod's address passes on. */
    private static void keepOnlyKnown(@Nullable KnownTopology known, Databases databases) {
        if (known != null) {
            databases.keepOnly(KnownServers.of(known));
        }
    }

    private static void readAgain(Vertx vertx, KeyFile keys, JsonLog log) {
        vertx.executeBlocking(() -> {
                    keys.read();
                    return keys;
                })
                .onFailure(e -> log.error("the keys of causal tokens could not be read", Map.of("cause", e)));
    }

    private static Vertx vertx(int eventLoops) {
        return Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(eventLoops)
                .setWorkerPoolSize(WORKERS)
                .setInternalBlockingPoolSize(WORKERS)
                .setFileSystemOptions(new FileSystemOptions()
                        .setClassPathResolvingEnabled(false)
                        .setFileCachingEnabled(false)));
    }

    private static IdsApi ids(
            Vertx vertx,
            StreamSettings operators,
            MeterRegistry registry,
            JsonLog log,
            Clock clock,
            RandomGenerator random) {
        MachineIdCall operator = new MachineIdCall(vertx, operators);
        MachineNumberKeeper keeper =
                new MachineNumberKeeper(vertx, operators.urls(), operator::ask, log, clock, System::nanoTime, random);
        IdMetrics metrics = IdsApi.metrics(registry);
        metrics.watch(registry, keeper::machineId, keeper::leftSeconds);
        return new IdsApi(vertx, new Ids(keeper), metrics);
    }

    private static PrometheusMeterRegistry registry() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        new JvmMemoryMetrics().bindTo(registry);
        return registry;
    }

    private static Number seconds(TopologyView view) {
        Duration age = view.age();
        return age == null ? Double.NaN : age.toMillis() / 1_000.0;
    }

    private static byte[] openApi() {
        try (InputStream document = Router.class.getResourceAsStream("/openapi.yaml")) {
            if (document == null) {
                throw new IllegalStateException("openapi.yaml is not in the program");
            }
            return document.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
