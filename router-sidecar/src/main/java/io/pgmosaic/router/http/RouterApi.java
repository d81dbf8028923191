package io.pgmosaic.router.http;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.pgmosaic.router.log.JsonLog;
import io.pgmosaic.router.lookup.Answer;
import io.pgmosaic.router.lookup.RoutingTable;
import io.pgmosaic.router.lookup.TableRoute;
import io.pgmosaic.router.metrics.LookupMetrics;
import io.pgmosaic.router.topology.TopologyView;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Sends each request to what answers it. Shared by all event loops; holds no state of a request. */
public final class RouterApi implements Handler<HttpServerRequest> {
    /** Longest request line; a longer key goes into the body of a POST. */
    public static final int MAX_TARGET_BYTES = 64 << 10;

    private static final String EXPOSITION = "text/plain; version=0.0.4; charset=utf-8";
    private static final Buffer ALIVE = Buffer.buffer("{\"status\":\"ok\"}");

    private final Vertx vertx;
    private final TopologyView view;
    private final LookupMetrics metrics;
    private final Supplier<String> exposition;
    private final JsonLog log;
    private final Lookups lookups;
    private final BatchAnswer batch;
    private final WaitingLookups waiting;
    private final Buffer openApi;
    private final Map<String, Endpoint> endpoints = endpoints();
    private final TableDocument shards = new TableDocument(ShardsDocument::of);
    private final TableDocument map = new TableDocument(table -> MapDocument.of(table.topology()));

    /**
     * @param exposition all metrics in Prometheus' text form
     * @param openApi the description of this interface
     */
    public RouterApi(
            Vertx vertx,
            TopologyView view,
            LookupMetrics metrics,
            Supplier<String> exposition,
            byte[] openApi,
            JsonLog log) {
        this.vertx = vertx;
        this.view = view;
        this.metrics = metrics;
        this.exposition = exposition;
        this.openApi = Buffer.buffer(openApi);
        this.log = log;
        this.lookups = new Lookups(view, metrics);
        this.batch = new BatchAnswer(lookups);
        this.waiting = new WaitingLookups(vertx, view);
    }

    /** Every path there is. */
    Set<String> paths() {
        return endpoints.keySet();
    }

    @Override
    public void handle(HttpServerRequest request) {
        try {
            answer(request);
        } catch (ProblemException e) {
            Responses.problem(request.response(), e.problem());
        } catch (RuntimeException e) {
            defect(request.response(), e);
        }
    }

    /** Requests that could not be read as HTTP within the limits. */
    public void invalid(HttpServerRequest request) {
        Throwable cause = request.decoderResult().cause();
        Problem problem;
        if (cause instanceof TooLongHttpLineException) {
            problem = Problem.of(
                    ProblemType.TARGET_TOO_LONG,
                    "the request line is longer than " + MAX_TARGET_BYTES
                            + " bytes; send a long key with POST /v1/route");
        } else if (cause instanceof TooLongHttpHeaderException) {
            problem = Problem.of(ProblemType.HEADERS_TOO_LARGE, "the headers are too large; a lookup needs none");
        } else {
            problem = Problem.invalidRequest("the request is not HTTP/1.1");
        }
        Responses.problem(request.response(), problem);
    }

    private Map<String, Endpoint> endpoints() {
        return Map.of(
                "/v1/route", new Endpoint(this::one, this::many),
                "/v1/shards", new Endpoint(this::allShards, null),
                "/v1/map", new Endpoint(request -> Responses.json(request.response(), map.of(lookups.table())), null),
                "/healthz", new Endpoint(RouterApi::alive, null),
                "/livez", new Endpoint(RouterApi::alive, null),
                "/readyz", new Endpoint(this::ready, null),
                "/metrics", new Endpoint(this::expose, null),
                "/openapi.yaml", new Endpoint(this::describe, null));
    }

    private void answer(HttpServerRequest request) throws ProblemException {
        String path = request.path();
        @Nullable Endpoint endpoint = path == null ? null : endpoints.get(path);
        if (endpoint == null) {
            throw new ProblemException(Problem.of(
                    ProblemType.UNKNOWN_PATH, "there is nothing here; GET /openapi.yaml describes what there is"));
        }
        endpoint.answer(request);
    }

    private static void alive(HttpServerRequest request) {
        Responses.json(request.response(), ALIVE);
    }

    private void ready(HttpServerRequest request) throws ProblemException {
        Responses.json(request.response(), Readiness.of(view, lookups.table()));
    }

    private void allShards(HttpServerRequest request) throws ProblemException {
        metrics.scattered();
        Responses.json(request.response(), shards.of(lookups.table()));
    }

    private void expose(HttpServerRequest request) {
        Responses.text(request.response(), EXPOSITION, Buffer.buffer(exposition.get()));
    }

    private void describe(HttpServerRequest request) {
        Responses.text(request.response(), "application/yaml", openApi);
    }

    private void one(HttpServerRequest request) throws ProblemException {
        long start = System.nanoTime();
        RouteQuery query = RouteQuery.parse(request.query());
        if (query.waitMillis() > 0) {
            route(request, query, start + TimeUnit.MILLISECONDS.toNanos(query.waitMillis()));
            return;
        }
        RoutingTable table = lookups.table();
        TableRoute route = lookups.route(table, query.tableName(), query.intent());
        respond(request, Lookups.counted(find(table, route, query), route, query.intent()));
        metrics.took(System.nanoTime() - start);
    }

    private Answer find(RoutingTable table, TableRoute route, RouteQuery query) throws ProblemException {
        return switch (route) {
            case TableRoute.Sharded sharded -> lookups.sharded(table, sharded, query.keyOf(sharded), query.intent());
            case TableRoute.Reference reference -> lookups.reference(table, reference, query.intent());
        };
    }

    private static void respond(HttpServerRequest request, Answer answer) {
        switch (answer) {
            case Answer.Served served -> Responses.json(request.response(), served.body());
            case Answer.Unavailable unavailable ->
                Responses.problem(request.response(), Problem.unavailable(unavailable));
        }
    }

    /** @param deadline by {@link System#nanoTime} */
    private void route(HttpServerRequest request, RouteQuery query, long deadline) throws ProblemException {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        @Nullable RoutingTable table = left > 0 ? view.table() : lookups.table();
        @Nullable TableRoute route = table == null ? null : lookups.route(table, query.tableName(), query.intent());
        @Nullable Answer answer = table == null || route == null ? null : find(table, route, query);
        boolean waits = left > 0
                && !(answer instanceof Answer.Served)
                && waiting.await(table, left, () -> later(request, query, deadline));
        if (!waits) {
            if (route == null || answer == null) {
                throw new ProblemException(Problem.noTopology());
            }
            respond(request, Lookups.counted(answer, route, query.intent()));
        }
    }

    private void later(HttpServerRequest request, RouteQuery query, long deadline) {
        if (request.response().closed()) {
            return;
        }
        try {
            route(request, query, deadline);
        } catch (ProblemException e) {
            Responses.problem(request.response(), e.problem());
        } catch (RuntimeException e) {
            defect(request.response(), e);
        }
    }

    /** Ten thousand keys take milliseconds, in which this event loop has other lookups to answer. */
    private void many(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        RequestBody.read(
                request,
                body -> vertx.executeBlocking(() -> batch.to(BatchRequest.parse(body)), false)
                        .onSuccess(answer -> Responses.json(response, answer))
                        .onFailure(cause -> failed(response, cause)),
                () -> Responses.problem(
                        response,
                        Problem.of(
                                ProblemType.TOO_LARGE,
                                "the body is larger than " + RequestBody.MAX_BYTES
                                        + " bytes; split the keys over several requests")));
    }

    private void failed(HttpServerResponse response, Throwable cause) {
        if (cause instanceof ProblemException e) {
            Responses.problem(response, e.problem());
        } else {
            defect(response, cause);
        }
    }

    private void defect(HttpServerResponse response, Throwable cause) {
        log.error("a request failed by a defect of the router", Map.of("cause", cause.toString()));
        if (!response.ended()) {
            Responses.problem(
                    response, Problem.of(ProblemType.ROUTER_DEFECT, "the router failed; its log has the reason"));
        }
    }
}
