package io.pgmosaic.router.http;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.pgmosaic.protocol.Json;
import io.pgmosaic.protocol.topology.DirectoryChange;
import io.pgmosaic.protocol.topology.DirectoryResult;
import io.pgmosaic.router.consistency.Sessions;
import io.pgmosaic.router.consistency.TokenCodec;
import io.pgmosaic.router.directory.Directory;
import io.pgmosaic.router.hotkeys.HotKeys;
import io.pgmosaic.router.hotkeys.KeyNames;
import io.pgmosaic.router.index.LookupIndexes;
import io.pgmosaic.router.limits.KeyLimits;
import io.pgmosaic.router.load.LoadShedder;
import io.pgmosaic.router.load.Pools;
import io.pgmosaic.router.log.JsonLog;
import io.pgmosaic.router.lookup.Intent;
import io.pgmosaic.router.lookup.RoutingTable;
import io.pgmosaic.router.lookup.TableRoute;
import io.pgmosaic.router.metrics.GuaranteeMetrics;
import io.pgmosaic.router.metrics.LookupMetrics;
import io.pgmosaic.router.metrics.ShardMetrics;
import io.pgmosaic.router.topology.TopologyView;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/** Sends each request to what answers it. Shared by all event loops; holds no state of a request. */
public final class RouterApi implements Handler<HttpServerRequest> {
    /** Longest request line; a longer key goes into the body of a POST. */
    private static final String EACH_INDEX = IndexApi.PATH + "{index}";

    public static final int MAX_TARGET_BYTES = 64 << 10;

    /** Below this is what rests on the topology. */
    private static final String ANSWERS = "/v1/";

    private static final String EXPOSITION = "text/plain; version=0.0.4; charset=utf-8";
    private static final Buffer ALIVE = Buffer.buffer("{\"status\":\"ok\"}");

    private final TopologyView view;
    private final ShardMetrics shardMetrics;
    private final @Nullable LookupSpans spans;
    private final AgeMark age;
    private final LengthyWork lengthy;
    private final Supplier<String> exposition;
    private final JsonLog log;
    private final IdsApi ids;
    private final Lookups lookups;
    private final BatchAnswer batch;
    private final SingleLookups single;
    private final PositionsApi positions;
    private final OutcomesApi outcomes;
    private final HotKeysApi hotKeys;
    private final DirectoryApi directory;
    private final IndexApi indexes;
    private final SchemaApi schema;
    private final Buffer openApi;
    private final Map<String, Endpoint> endpoints;
    private final TableDocument shards = new TableDocument(ShardsDocument::of);
    private final TableDocument map = new TableDocument(table -> MapDocument.of(table.topology()));

    /** What reads with a guarantee need. */
    public record Guarantees(Sessions sessions, TokenCodec tokens, GuaranteeMetrics metrics) {}

    /**
     * What is known of the shards' load.
     *
     * @param pools as clients report them
     * @param keysShown whether hot keys themselves are told
     */
    public record Traffic(
            ShardMetrics shards,
            Pools pools,
            HotKeys hotKeys,
            KeyNames keyNames,
            boolean keysShown,
            KeyLimits limits,
            LoadShedder shedder) {}

    /**
     * How much may be under way.
     *
     * @param waitingLookups of one shard
     * @param batches and plans, in all
     */
    public record Bounds(int waitingLookups, int batches) {}

    /**
     * What is asked of the shards' databases.
     *
     * @param changes has an operator change a directory
     */
    public record Directories(
            Directory directory, Function<DirectoryChange, Future<DirectoryResult>> changes, LookupIndexes indexes) {}

    /**
     * @param spans null where there are none
     * @param exposition all metrics in Prometheus' text form
     * @param openApi the description of this interface
     */
    public RouterApi(
            Vertx vertx,
            TopologyView view,
            LookupMetrics metrics,
            Guarantees guarantees,
            Traffic traffic,
            Bounds bounds,
            @Nullable LookupSpans spans,
            Directories directories,
            IdsApi ids,
            Supplier<String> exposition,
            byte[] openApi,
            JsonLog log) {
        this.view = view;
        this.age = new AgeMark(view);
        this.shardMetrics = traffic.shards();
        this.spans = spans;
        this.lengthy = new LengthyWork(vertx, bounds.batches(), this::failed);
        this.ids = ids;
        this.exposition = exposition;
        this.openApi = Buffer.buffer(openApi);
        this.log = log;
        this.lookups = new Lookups(view, metrics);
        GuaranteedReads reads =
                new GuaranteedReads(view, guarantees.sessions(), guarantees.metrics(), System::nanoTime);
        Tokens tokens = new Tokens(guarantees.tokens());
        Admission admission = new Admission(traffic.hotKeys(), traffic.limits(), traffic.shedder(), System::nanoTime);
        TenantLookups tenants = new TenantLookups(directories.directory());
        this.directory = new DirectoryApi(vertx, lookups, directories.directory(), directories.changes(), lengthy);
        this.indexes = new IndexApi(vertx, lookups, directories.indexes(), tenants, System::nanoTime);
        this.schema = new SchemaApi(lookups, view, System::nanoTime);
        this.batch = new BatchAnswer(lookups, reads, tokens, admission, tenants, shardMetrics);
        this.single = new SingleLookups(
                view,
                lookups,
                reads,
                tokens,
                admission,
                tenants,
                new WaitingLookups(vertx, view, bounds.waitingLookups()),
                metrics,
                spans,
                (request, cause) -> defect(request.response(), cause));
        this.positions = new PositionsApi(lookups, guarantees.sessions(), tokens, System::nanoTime);
        this.outcomes = new OutcomesApi(lookups, metrics, traffic, spans, System::nanoTime);
        this.hotKeys =
                new HotKeysApi(lookups, traffic.hotKeys(), traffic.keyNames(), traffic.keysShown(), System::nanoTime);
        this.endpoints = endpoints();
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
        // What follows on the connection cannot be read, so it is closed; a client that was not told would send its
        // next request there.
        request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        Responses.problem(request.response(), problem);
    }

    private Map<String, Endpoint> endpoints() {
        return Map.ofEntries(
                Map.entry("/v1/route", new Endpoint(single::answer, this::many)),
                Map.entry("/v1/positions", new Endpoint(null, positions::report)),
                Map.entry("/v1/outcomes", new Endpoint(null, outcomes::answer)),
                Map.entry("/v1/directory", new Endpoint(directory::find, null, directory::assign, directory::remove)),
                Map.entry(EACH_INDEX, new Endpoint(indexes::find, null)),
                Map.entry("/v1/hotkeys", new Endpoint(hotKeys::answer, null)),
                Map.entry("/v1/tokens/merge", new Endpoint(null, positions::merge)),
                Map.entry("/v1/shards", new Endpoint(this::allShards, null)),
                Map.entry("/v1/places", new Endpoint(this::places, null)),
                Map.entry("/v1/owners", new Endpoint(this::owners, null)),
                Map.entry("/v1/schema", new Endpoint(schema::answer, null)),
                Map.entry("/v1/plan", new Endpoint(null, this::plan)),
                Map.entry("/v1/map", new Endpoint(request -> map.answer(request, lookups.table()), null)),
                Map.entry("/v1/ids", new Endpoint(request -> ids.answer(request), null)),
                Map.entry("/healthz", new Endpoint(RouterApi::alive, null)),
                Map.entry("/livez", new Endpoint(RouterApi::alive, null)),
                Map.entry("/readyz", new Endpoint(this::ready, null)),
                Map.entry("/metrics", new Endpoint(this::expose, null)),
                Map.entry("/openapi.yaml", new Endpoint(this::describe, null)));
    }

    private void answer(HttpServerRequest request) throws ProblemException {
        String path = request.path();
        @Nullable
        Endpoint endpoint = path == null ? null : endpoints.get(path.startsWith(IndexApi.PATH) ? EACH_INDEX : path);
        if (endpoint == null) {
            throw new ProblemException(Problem.of(
                    ProblemType.UNKNOWN_PATH, "there is nothing here; GET /openapi.yaml describes what there is"));
        }
        if (path.startsWith(ANSWERS)) {
            age.on(request.response());
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
        long start = System.nanoTime();
        RoutingTable table = lookups.table();
        // A client that keeps the document asks again and again, without a query over all shards.
        if (!TableDocument.isConditional(request)) {
            scattered(request, table.shardNames().size(), start);
        }
        shards.answer(request, table);
    }

    private void scattered(HttpServerRequest request, int count, long start) {
        shardMetrics.scattered(count);
        if (spans != null) {
            spans.scatter(request, count, start);
        }
    }

    private void places(HttpServerRequest request) throws ProblemException {
        long start = System.nanoTime();
        PlacesQuery query = PlacesQuery.parse(request.query());
        RoutingTable table = lookups.table();
        PlacesDocument document =
                switch (lookups.route(table, query.tableName(), Intent.READ)) {
                    case TableRoute.Sharded sharded -> Lookups.places(table, sharded, query);
                    case TableRoute.Reference reference ->
                        throw QueryParameters.invalid("every shard holds all of " + reference.name()
                                + ": read it from the one that GET /v1/route?table=" + reference.name()
                                + "&intent=read names");
                };
        scattered(request, Math.max(1, document.shards().size()), start);
        Responses.json(request.response(), Buffer.buffer(Json.write(document)));
    }

    private void owners(HttpServerRequest request) throws ProblemException {
        OwnersQuery query = OwnersQuery.parse(request.query());
        RoutingTable table = lookups.table();
        OwnersDocument document =
                switch (lookups.route(table, query.tableName(), Intent.READ)) {
                    case TableRoute.Sharded sharded -> Lookups.owners(table, sharded, query);
                    case TableRoute.Reference reference ->
                        throw QueryParameters.invalid("every shard holds all of " + reference.name());
                };
        Responses.json(request.response(), Buffer.buffer(Json.write(document)));
    }

    private void expose(HttpServerRequest request) {
        Responses.text(request.response(), EXPOSITION, Buffer.buffer(exposition.get()));
    }

    private void describe(HttpServerRequest request) {
        Responses.text(request.response(), "application/yaml", openApi);
    }

    private void many(HttpServerRequest request) throws ProblemException {
        long start = System.nanoTime();
        @Nullable String token = Tokens.shown(request);
        lengthy.answer(request, body -> batch(request, body, token, start), "split the keys over several requests");
    }

    private void plan(HttpServerRequest request) throws ProblemException {
        lengthy.answer(
                request,
                body -> Future.succeededFuture(Buffer.buffer(Json.write(
                        PlanAnswer.of(PlanRequest.parse(body), lookups.table().topology())))),
                "a map is smaller");
    }

    private Future<Buffer> batch(HttpServerRequest request, byte[] body, @Nullable String token, long start)
            throws ProblemException {
        BatchRequest keys = BatchRequest.parse(body);
        return batch.to(keys, token, Priorities.of(request, keys.priority()), lengthy)
                .onSuccess(answer -> {
                    if (spans != null) {
                        spans.batch(request, keys, start);
                    }
                });
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
