package io.pgmosaic.operator.topology;

import io.micrometer.core.instrument.MeterRegistry;
import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.https.HttpsServer;
import io.pgmosaic.operator.pki.CertifiedKey;
import io.pgmosaic.protocol.Json;
import io.pgmosaic.protocol.topology.ClusterTopology;
import io.pgmosaic.protocol.topology.DirectoryChange;
import io.pgmosaic.protocol.topology.DirectoryResult;
import io.pgmosaic.protocol.topology.MachineIdGrant;
import io.pgmosaic.protocol.topology.MachineIdRequest;
import io.vertx.core.Future;
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
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Serves the topology over HTTPS, and machine numbers beside it; the paths are in {@code io.pgmosaic.protocol.topology}. */
public final class TopologyServer implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(TopologyServer.class);
    /** Longer than anything is answered in: while a change is made nothing is sent, and a router hears of it all the same. */
    private static final Duration IDLE = DirectoryChange.ANSWERED_WITHIN.plusSeconds(15);

    /** Each may take long, and is large. */
    private static final int MOST_CHANGES = 16;

    private static final Pattern PATH = Pattern.compile(
            "/topology/v1/namespaces/([a-z0-9-]{1,63})/clusters/([a-z0-9.-]{1,253})(/machine-ids|/directory)?");

    private final Vertx vertx;
    private final TopologyHub hub;
    private final Gate gate;
    private final HttpsServer server;
    private final MachineIdResource machineIds;
    private final DirectoryResource directory;
    private final Gate changes;
    private final TopologyStreams streams;
    /** From before its token is checked: those that wait for that are bounded, too. */
    private final RequestPlaces streamPlaces;

    private final RequestPlaces requestPlaces;
    private final RequestPlaces changePlaces = new RequestPlaces(MOST_CHANGES);
    private volatile boolean stopping;

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

    /** Who changes directories. */
    @FunctionalInterface
    public interface Directory {
        /**
         * Does not block.
         *
         * @param within it is answered: nothing is begun afterwards, and what is under way then ends by itself
         */
        CompletableFuture<DirectoryResult> change(ClusterKey cluster, DirectoryChange change, Duration within);
    }

    /**
     * What changes directories, for whom.
     *
     * @param gate who may
     */
    public record Directories(Gate gate, Directory directory) {}

    public TopologyServer(
            Vertx vertx,
            TopologyHub hub,
            Gate gate,
            MachineIds machineIds,
            Directories directories,
            StreamLimits limits,
            CertifiedKey certificate,
            MeterRegistry registry,
            Clock clock) {
        this.vertx = vertx;
        this.hub = hub;
        this.gate = gate;
        this.machineIds = new MachineIdResource(vertx, machineIds);
        this.directory = new DirectoryResource(vertx, directories.directory());
        this.changes = directories.gate();
        this.streams = new TopologyStreams(vertx, hub, limits, clock, registry);
        this.streamPlaces = new RequestPlaces(limits.streams());
        this.requestPlaces = new RequestPlaces(limits.requests());
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
        boolean numbers = "/machine-ids".equals(path.group(3));
        boolean entries = "/directory".equals(path.group(3));
        if (!request.method().equals(numbers || entries ? HttpMethod.POST : HttpMethod.GET)) {
            refuse(
                    request.response(),
                    405,
                    "Method Not Allowed",
                    numbers || entries ? "this is asked for with POST" : "the topology can only be read");
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
        boolean stream = !numbers && !entries && TopologyStreams.TYPE.equals(request.getHeader(HttpHeaders.ACCEPT));
        Gate asked = entries ? changes : gate;
        Callable<Optional<String>> allowed = () -> Optional.ofNullable(asked.refusal(cluster, token));
        long came = System.nanoTime();
        Runnable place = takePlace(request.response(), entries ? changePlaces : stream ? streamPlaces : requestPlaces);
        if (place == null) {
            return;
        }
        if (!stream) {
            // Also when the client leaves in the middle of its request.
            request.response().endHandler(over -> place.run());
        }
        request.pause();
        vertx.executeBlocking(allowed, false).onComplete(answer -> {
            if (answer.failed()) {
                LOG.warnf(answer.cause(), "a token for %s could not be checked", cluster);
                unavailable(request.response(), 1, "the token cannot be checked now; try again");
            } else if (answer.result().isPresent()) {
                refuse(request.response(), 403, "Forbidden", answer.result().get());
            } else if (numbers) {
                machineIds.answer(cluster, request);
            } else if (entries) {
                directory.answer(cluster, request, came);
            } else if (!stream) {
                once(cluster, request.response());
            } else if (!request.response().closed()) {
                // Else it left while its token was checked.
                streams.begin(cluster, request, allowed, place);
                request.resume();
                return;
            }
            if (stream) {
                place.run();
            }
            request.resume();
        });
    }

    /** Returns what gives the place back, once; null when there is none, and then the request is answered. */
    private @Nullable Runnable takePlace(HttpServerResponse response, RequestPlaces places) {
        if (stopping) {
            elsewhere(response, StreamMetrics.Refusal.STOPPING, 1, "this operator stops; another one answers");
            return null;
        }
        Runnable place = places.take();
        if (place == null) {
            elsewhere(
                    response,
                    StreamMetrics.Refusal.FULL,
                    ThreadLocalRandom.current().nextInt(2, 6),
                    "this operator serves as many as it may"
                            + (places == streamPlaces ? " (pgmosaic.topology.max-streams)" : "")
                            + "; another one may have room");
        }
        return place;
    }

    private void elsewhere(
            HttpServerResponse response, StreamMetrics.Refusal reason, int retryAfterSeconds, String detail) {
        streams.metrics().refused(reason);
        unavailable(response, retryAfterSeconds, detail);
    }

    /** Nothing was done, which the header says too: another operator may be asked to. */
    static void unavailable(HttpServerResponse response, int retryAfterSeconds, String detail) {
        response.putHeader(HttpHeaders.RETRY_AFTER, Integer.toString(retryAfterSeconds));
        refuse(response, 503, "Service Unavailable", detail);
    }

    private void once(ClusterKey cluster, HttpServerResponse response) {
        ClusterTopology topology = hub.current(cluster);
        if (topology == null) {
            refuse(response, 503, "Service Unavailable", "the cluster has no topology yet; try again");
            return;
        }
        response.putHeader(HttpHeaders.CONTENT_TYPE, "application/json").end(Buffer.buffer(Json.write(topology)));
    }

    static Future<Void> refuse(HttpServerResponse response, int status, String title, String detail) {
        byte[] problem = Json.write(Map.of("title", title, "status", status, "detail", detail));
        return response.setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json")
                .end(Buffer.buffer(new String(problem, StandardCharsets.UTF_8)));
    }

    /**
     * Takes nothing more and has the receivers of streams go to other operators, each at a time of its own; meanwhile they are told
     * what is new. Returns when they are gone, after {@link StreamLimits#farewell} and a little at most.
     */
    public void dismiss() {
        stopping = true;
        streams.dismiss();
    }

    @Override
    public void close() {
        server.close();
    }
}
