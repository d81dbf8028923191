package io.pgmosaic.local.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.ServerWebSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** The HTTP side: requests in, documents and watch streams out. One verticle, so that one thread owns the store. */
final class ApiServer extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);
    private static final long BOOKMARK_MILLIS = 30_000;
    private static final int MAX_BODY = 3 * 1024 * 1024;

    private final String host;
    private final int port;
    private final Clock clock;
    private final PodLogs logs;
    private final ResourceTypes types = new ResourceTypes();
    private final ObjectStore store = new ObjectStore();
    private final Discovery discovery = new Discovery(types);
    private final TableView tables;
    private final Requests requests;
    private final List<Watch> watches = new ArrayList<>();
    private volatile int boundPort;
    private final Set<HttpConnection> connections = new HashSet<>();
    private boolean suspended;

    ApiServer(String host, int port, PodLogs logs, Clock clock) {
        this.logs = logs;
        this.host = host;
        this.port = port;
        this.clock = clock;
        tables = new TableView(clock);
        ObjectWriter writer = new ObjectWriter(store, clock);
        store.listen(this::learnTypes);
        store.listen(change -> List.copyOf(watches).forEach(watch -> watch.onChange(change)));
        requests = new Requests(
                store, writer, new ServerSideApply(store, writer, clock), new GarbageCollector(store, writer));
    }

    @Override
    public Future<?> start() {
        vertx.setPeriodic(
                BOOKMARK_MILLIS, timer -> List.copyOf(watches).forEach(watch -> watch.bookmark(store.version())));
        HttpServer server = vertx.createHttpServer(new HttpServerOptions()
                .setHost(host)
                .setPort(port)
                .setMaxInitialLineLength(16 * 1024)
                .setHandle100ContinueAutomatically(true)
                .setTcpNoDelay(true));
        server.requestHandler(this::onRequest);
        server.connectionHandler(this::onConnection);
        return server.listen().onSuccess(listening -> boundPort = listening.actualPort());
    }

    /**
     * Cuts every connection, and every new one, until it is called with false. It goes on to listen, since the address says
     * whose network this is.
     */
    CompletableFuture<Void> suspend(boolean wanted) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        context.runOnContext(ignored -> {
            suspended = wanted;
            if (wanted) {
                List.copyOf(connections).forEach(HttpConnection::close);
            }
            done.complete(null);
        });
        return done;
    }

    private void onConnection(HttpConnection connection) {
        connections.add(connection);
        connection.closeHandler(closed -> connections.remove(connection));
        if (suspended) {
            connection.close();
        }
    }

    /** The port it listens on, once it is deployed. */
    int boundPort() {
        return boundPort;
    }

    private void learnTypes(Change change) {
        if (change.type().kind().equals("CustomResourceDefinition")) {
            if (change.after() == null) {
                types.forget(change.last());
            } else {
                types.define(change.last());
                establish(change);
            }
        }
    }

    /** A definition is served as soon as it is stored; clients wait for the condition that says so. */
    private void establish(Change change) {
        if (!change.last().path("status").path("conditions").isEmpty()) {
            return;
        }
        ObjectNode established = ((ObjectNode) change.last()).deepCopy();
        ObjectNode status = established.putObject("status");
        status.set("acceptedNames", established.path("spec").path("names"));
        for (String condition : List.of("NamesAccepted", "Established")) {
            status.withArrayProperty("conditions")
                    .addObject()
                    .put("type", condition)
                    .put("status", "True")
                    .put("reason", "Served")
                    .put("lastTransitionTime", clock.instant().toString());
        }
        store.put(change.type(), change.key(), established);
    }

    private void onRequest(HttpServerRequest request) {
        if (isUpgrade(request)) {
            answerOrFail(request, ""); // a request whose body has been asked for can no longer be upgraded
        } else {
            request.body().onSuccess(body -> answerOrFail(request, body.toString()));
        }
    }

    private void answerOrFail(HttpServerRequest request, String body) {
        if (suspended) {
            // It came on a connection that is being cut.
            request.connection().close();
            return;
        }
        try {
            if (body.length() > MAX_BODY) {
                throw ApiProblem.badRequest("the request is larger than " + MAX_BODY + " characters");
            }
            answer(request, body);
        } catch (ApiProblem problem) {
            respond(request, problem.code(), problem.status());
        } catch (RuntimeException e) {
            LOG.error("{} {} failed", request.method(), request.uri(), e);
            respond(request, 500, internalError(e));
        }
    }

    private static boolean isUpgrade(HttpServerRequest request) {
        return Optional.ofNullable(request.getHeader("Upgrade")).orElse("").equalsIgnoreCase("websocket");
    }

    private void answer(HttpServerRequest request, String body) {
        String at = request.path().replaceAll("/+$", "");
        Optional<JsonNode> document = discovery.document(at);
        if (document.isPresent()) {
            respond(request, 200, document.get());
            return;
        }
        Optional<JsonNode> review = AccessReviews.answer(at, body);
        if (review.isPresent()) {
            respond(request, 201, review.get());
            return;
        }
        ResourcePath path = ResourcePath.parse(at).orElseThrow(() -> ApiProblem.noSuchPath(at));
        ResourceType type =
                types.find(path.group(), path.version(), path.plural()).orElseThrow(() -> ApiProblem.noSuchPath(at));
        var asked = new Requests.Request(
                request.method().name(),
                path,
                name -> Optional.ofNullable(request.getParam(name)).orElse(""),
                Optional.ofNullable(request.getHeader("Content-Type")).orElse(""),
                body);
        if (type.kind().equals("Pod") && path.subresource().equals("log")) {
            JsonNode pod = store.find(ObjectKey.of(type, path.namespace(), path.name()))
                    .orElseThrow(() -> ApiProblem.notFound("pods \"" + path.name() + "\""));
            respond(
                    request,
                    200,
                    TextNode.valueOf(logs.read(
                            pod, asked.query().apply("container"), asked.query().apply("tailLines"))));
            return;
        }
        boolean watch = List.of("true", "1").contains(asked.query().apply("watch"));
        boolean table =
                Optional.ofNullable(request.getHeader("Accept")).orElse("").contains("as=Table");
        if (watch && asked.method().equals("GET")) {
            watch(request, type, asked, table);
            return;
        }
        Requests.Answer answer = requests.answer(type, asked);
        JsonNode shown = answer.document();
        if (table && asked.method().equals("GET")) {
            List<JsonNode> rows = new ArrayList<>();
            if (path.name().isEmpty()) {
                shown.path("items").forEach(rows::add);
            } else {
                rows.add(shown);
            }
            shown = tables.table(type, rows, Long.toString(store.version()));
        }
        respond(request, answer.code(), inVersion(type, shown));
    }

    private void watch(HttpServerRequest request, ResourceType type, Requests.Request asked, boolean table) {
        if (isUpgrade(request)) {
            request.toWebSocket().onSuccess(socket -> watchBySocket(socket, type, asked));
            return;
        }
        HttpServerResponse response = request.response();
        response.setChunked(true).putHeader("Content-Type", "application/json");
        Watch watch = watch(type, asked, table, event -> response.write(event + "\n"));
        response.closeHandler(closed -> watches.remove(watch));
        begin(watch, asked, event -> response.write(event + "\n"));
    }

    private void watchBySocket(ServerWebSocket socket, ResourceType type, Requests.Request asked) {
        Watch watch = watch(type, asked, false, event -> socket.writeTextMessage(event.toString()));
        socket.closeHandler(closed -> watches.remove(watch));
        begin(watch, asked, event -> socket.writeTextMessage(event.toString()));
    }

    private Watch watch(ResourceType type, Requests.Request asked, boolean table, Consumer<JsonNode> sink) {
        ResourcePath path = asked.path();
        var selector = Selector.labels(asked.query().apply("labelSelector"))
                .and(Selector.fields(asked.query().apply("fieldSelector")))
                .and(object -> path.name().isEmpty()
                        || path.name()
                                .equals(object.path("metadata").path("name").asText()));
        return new Watch(
                type,
                path.namespace(),
                selector,
                object -> table
                        ? tables.table(
                                type,
                                List.of(object),
                                object.path("metadata").path("resourceVersion").asText())
                        : inVersion(type, object),
                asked.query().apply("allowWatchBookmarks").equals("true"),
                sink);
    }

    private void begin(Watch watch, Requests.Request asked, Consumer<JsonNode> sink) {
        try {
            watch.catchUp(
                    store,
                    asked.query().apply("resourceVersion"),
                    asked.query().apply("sendInitialEvents").equals("true"));
            watches.add(watch);
        } catch (ApiProblem problem) {
            sink.accept(
                    JsonNodeFactory.instance.objectNode().put("type", "ERROR").set("object", problem.status()));
        }
    }

    /** A kind of several versions is stored once and shown in the version that was asked for. */
    private static JsonNode inVersion(ResourceType type, JsonNode object) {
        if (!type.isCustom()
                || !(object instanceof ObjectNode stored)
                || !object.path("kind").asText().equals(type.kind())
                || object.path("apiVersion").asText().equals(type.apiVersion())) {
            return object;
        }
        return stored.deepCopy().put("apiVersion", type.apiVersion());
    }

    private static void respond(HttpServerRequest request, int code, JsonNode document) {
        HttpServerResponse response = request.response().setStatusCode(code);
        if (document.isTextual()) {
            response.putHeader("Content-Type", "text/plain").end(document.asText());
        } else {
            response.putHeader("Content-Type", "application/json").end(document.toString());
        }
    }

    private static ObjectNode internalError(RuntimeException e) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("kind", "Status")
                .put("apiVersion", "v1")
                .put("status", "Failure")
                .put("reason", "InternalError")
                .put("message", e.toString())
                .put("code", 500);
    }
}
