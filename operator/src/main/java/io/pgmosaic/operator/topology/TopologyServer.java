package io.pgmosaic.operator.topology;

import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.https.HttpsServer;
import io.pgmosaic.operator.pki.CertifiedKey;
import io.pgmosaic.protocol.Json;
import io.pgmosaic.protocol.topology.ClusterTopology;
import io.pgmosaic.protocol.topology.MachineIdGrant;
import io.pgmosaic.protocol.topology.MachineIdRequest;
import io.pgmosaic.protocol.topology.TopologyEvent;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Serves the topology over HTTPS, and machine numbers beside it; the paths are in {@code io.pgmosaic.protocol.topology}. */
public final class TopologyServer implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(TopologyServer.class);
    private static final Duration IDLE = Duration.ofMinutes(1);
    private static final Pattern PATH =
            Pattern.compile("/topology/v1/namespaces/([a-z0-9-]{1,63})/clusters/([a-z0-9.-]{1,253})(/machine-ids)?");
    private static final String STREAM = "application/x-ndjson";
    private static final long HEARTBEAT_MILLIS = 1_000;

    /** A receiver that is this far behind is cut off; it comes back and gets the whole picture. */
    private static final int LONGEST_QUEUE_BYTES = 4 << 20;

    private final Vertx vertx;
    private final TopologyHub hub;
    private final Gate gate;
    private final Duration recheck;
    private final Clock clock;
    private final HttpsServer server;
    private final MachineIdResource machineIds;
    private volatile @Nullable Line last;

    /** A change in the form in which it is sent. */
    private static final class Line {
        final TopologyEvent event;
        final byte[] text;

        Line(TopologyEvent event, byte[] text) {
            this.event = event;
            this.text = text;
        }
    }

    /** Who may read a cluster's topology. */
    @FunctionalInterface
    public interface Gate {
        /** Why a token does not open the topology, for whoever shows it; null when it does. May block. */
        @Nullable
        String refusal(ClusterKey cluster, String token);
    }

    /** Who grants machine numbers. */
    @FunctionalInterface
    public interface MachineIds {
        /** Does not block. */
        CompletableFuture<MachineIdGrant> ask(ClusterKey cluster, MachineIdRequest request);
    }

    /**
     * @param recheck how often a stream's token is looked at again
     */
    public TopologyServer(
            Vertx vertx,
            TopologyHub hub,
            Gate gate,
            MachineIds machineIds,
            Duration recheck,
            CertifiedKey certificate,
            Clock clock) {
        this.vertx = vertx;
        this.hub = hub;
        this.gate = gate;
        this.machineIds = new MachineIdResource(vertx, machineIds);
        this.recheck = recheck;
        this.clock = clock;
        this.server = new HttpsServer(vertx, "the topology endpoint", IDLE, certificate, this::handle);
    }

    /** Listens; port 0 takes a free one. Returns the port, or throws when it cannot be had. */
    public int listen(String host, int port) {
        return server.listen(host, port);
    }

    /** New connections get the new certificate; those that exist stay. */
    public void replaceCertificate(CertifiedKey certificate) {
        server.replaceCertificate(certificate);
    }

    private void handle(HttpServerRequest request) {
        Matcher path = PATH.matcher(request.path());
        if (!path.matches()) {
            refuse(request.response(), 404, "Not Found", "the topology is at /topology/v1/namespaces/../clusters/..");
            return;
        }
        boolean numbers = path.group(3) != null;
        if (!request.method().equals(numbers ? HttpMethod.POST : HttpMethod.GET)) {
            refuse(
                    request.response(),
                    405,
                    "Method Not Allowed",
                    numbers ? "machine numbers are asked for with POST" : "the topology can only be read");
            return;
        }
        ClusterKey cluster = new ClusterKey(path.group(1), path.group(2));
        String authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (authorization == null || !authorization.startsWith("Bearer ")) {
            refuse(
                    request.response(),
                    401,
                    "Unauthorized",
                    "send the token of Secret " + cluster.name()
                            + "-router, or one of a service account for the audience pgmosaic-topology");
            return;
        }
        String token = authorization.substring("Bearer ".length());
        boolean stream = STREAM.equals(request.getHeader(HttpHeaders.ACCEPT));
        request.pause();
        vertx.executeBlocking(() -> Optional.ofNullable(gate.refusal(cluster, token)), false)
                .onComplete(answer -> {
                    if (answer.failed()) {
                        LOG.warnf(answer.cause(), "a token for %s could not be checked", cluster);
                        refuse(
                                request.response(),
                                503,
                                "Service Unavailable",
                                "the token cannot be checked now; try again");
                    } else if (answer.result().isPresent()) {
                        refuse(
                                request.response(),
                                403,
                                "Forbidden",
                                answer.result().get());
                    } else if (numbers) {
                        machineIds.answer(cluster, request);
                    } else if (stream) {
                        stream(cluster, request, token);
                    } else {
                        once(cluster, request.response());
                    }
                    request.resume();
                });
    }

    private void once(ClusterKey cluster, HttpServerResponse response) {
        ClusterTopology topology = hub.current(cluster);
        if (topology == null) {
            refuse(response, 503, "Service Unavailable", "the cluster has no topology yet; try again");
            return;
        }
        response.putHeader(HttpHeaders.CONTENT_TYPE, "application/json").end(Buffer.buffer(Json.write(topology)));
    }

    private void stream(ClusterKey cluster, HttpServerRequest request, String token) {
        HttpServerResponse response = request.response();
        if (response.closed()) {
            // It left while its token was checked; nobody would end the subscription.
            return;
        }
        response.putHeader(HttpHeaders.CONTENT_TYPE, STREAM).setChunked(true);
        Context context = vertx.getOrCreateContext();
        response.setWriteQueueMaxSize(LONGEST_QUEUE_BYTES);
        long heartbeat = vertx.setPeriodic(
                HEARTBEAT_MILLIS, timer -> send(request, line(new TopologyEvent.Heartbeat(clock.instant()))));
        long check = vertx.setPeriodic(recheck.toMillis(), timer -> checkAgain(cluster, request, token));
        Runnable unsubscribe = hub.subscribe(
                cluster,
                event -> {
                    byte[] line = lineForAll(event);
                    context.runOnContext(unused -> send(request, line));
                },
                () -> context.runOnContext(unused -> request.connection().close()));
        response.closeHandler(closed -> {
            unsubscribe.run();
            vertx.cancelTimer(heartbeat);
            vertx.cancelTimer(check);
        });
        response.exceptionHandler(e -> LOG.debugf(e, "a topology stream of %s broke", cluster));
    }

    /**
     * Ends the stream of whoever may not read it any more, or shows a token that is over: a router comes back at once, with
     * the one that it has then. While nobody can be asked the stream goes on.
     */
    private void checkAgain(ClusterKey cluster, HttpServerRequest request, String token) {
        vertx.executeBlocking(() -> Optional.ofNullable(gate.refusal(cluster, token)), false)
                .onSuccess(refusal -> refusal.ifPresent(reason -> {
                    LOG.infof("a topology stream ends: %s", reason);
                    request.connection().close();
                }))
                .onFailure(e -> LOG.debugf(e, "a token for %s could not be checked again", cluster));
    }

    /** The hub tells all subscribers of one change before it tells any of the next, so one is remembered. */
    private byte[] lineForAll(TopologyEvent event) {
        Line known = last;
        if (known == null || !known.event.equals(event)) {
            known = new Line(event, line(event));
            last = known;
        }
        return known.text;
    }

    private static byte[] line(TopologyEvent event) {
        byte[] json = Json.write(event);
        byte[] line = Arrays.copyOf(json, json.length + 1);
        line[json.length] = '\n';
        return line;
    }

    private static void send(HttpServerRequest request, byte[] line) {
        HttpServerResponse response = request.response();
        if (response.closed() || response.ended()) {
            return;
        }
        if (response.writeQueueFull()) {
            request.connection().close();
            return;
        }
        response.write(Buffer.buffer(line)).onFailure(e -> LOG.debug("a topology event could not be sent", e));
    }

    static void refuse(HttpServerResponse response, int status, String title, String detail) {
        byte[] problem = Json.write(Map.of("title", title, "status", status, "detail", detail));
        response.setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json")
                .end(Buffer.buffer(new String(problem, StandardCharsets.UTF_8)));
    }

    @Override
    public void close() {
        server.close();
    }
}
