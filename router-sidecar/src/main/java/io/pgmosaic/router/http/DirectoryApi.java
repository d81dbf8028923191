package io.pgmosaic.router.http;

import io.pgmosaic.protocol.Json;
import io.pgmosaic.protocol.topology.DirectoryChange;
import io.pgmosaic.protocol.topology.DirectoryResult;
import io.pgmosaic.router.directory.Directory;
import io.pgmosaic.router.directory.Entry;
import io.pgmosaic.router.lookup.Intent;
import io.pgmosaic.router.lookup.RoutingTable;
import io.pgmosaic.router.lookup.TableRoute;
import io.pgmosaic.router.topology.DirectoryCall;
import io.pgmosaic.routing.map.RowKey;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** {@code /v1/directory}: tells entries, as the primary of a key's home has them, and has operators change them. */
final class DirectoryApi {
    private static final int MULTI_STATUS = 207;

    /** Each may wait for transactions for as long as an operator does, and has its body in memory meanwhile. */
    private static final int MOST_CHANGES = 8;

    private final Vertx vertx;
    private final Lookups lookups;
    private final Directory directory;
    private final Function<DirectoryChange, Future<DirectoryResult>> operators;
    private final LengthyWork lengthy;
    private final Places places = new Places(MOST_CHANGES, "as many changes of directories under way as it takes");

    /** @param lengthy reads bodies */
    DirectoryApi(
            Vertx vertx,
            Lookups lookups,
            Directory directory,
            Function<DirectoryChange, Future<DirectoryResult>> operators,
            LengthyWork lengthy) {
        this.vertx = vertx;
        this.lookups = lookups;
        this.directory = directory;
        this.operators = operators;
        this.lengthy = lengthy;
    }

    void find(HttpServerRequest request) throws ProblemException {
        RouteQuery query = RouteQuery.parse(request.query());
        RoutingTable table = lookups.table();
        TableRoute.Sharded route = withDirectory(lookups.route(table, query.tableName(), Intent.READ));
        RowKey key = Lookups.key(route, query.keyOf(route), Intent.READ);
        String home = Lookups.sharded(table, route, key, Intent.READ).topology().shard();
        Map<String, Object> said = new LinkedHashMap<>();
        said.put("table", route.name());
        said.put("key", key.key().values().stream().map(value -> value.text()).toList());
        said.put("home", home);
        @Nullable String overridden = route.map().overrideOf(key);
        if (overridden != null) {
            said.put("shard", overridden);
            said.put("source", "override");
            Responses.json(request.response(), Buffer.buffer(Json.write(said)));
            return;
        }
        onContext(directory.load(table, route, key, true), (entry, cause) -> {
            if (entry == null) {
                Responses.problem(request.response(), TenantLookups.problem(cause));
            } else {
                Responses.json(request.response(), Buffer.buffer(Json.write(told(said, home, entry))));
            }
        });
    }

    private static Map<String, Object> told(Map<String, Object> said, String home, Entry entry) {
        if (!entry.changing()) {
            said.put("shard", entry.shard() == null ? home : entry.shard());
        }
        said.put("source", entry.changing() ? "changing" : entry.shard() == null ? "rule" : "entry");
        return said;
    }

    void assign(HttpServerRequest request) throws ProblemException {
        change(request, DirectoryChange.Action.ASSIGN);
    }

    void remove(HttpServerRequest request) throws ProblemException {
        change(request, DirectoryChange.Action.REMOVE);
    }

    private void change(HttpServerRequest request, DirectoryChange.Action action) throws ProblemException {
        HttpServerResponse response = request.response();
        Places.Place place = places.take(response);
        RequestBody.read(
                request,
                body -> {
                    place.holdUntilReleased();
                    onContext(lengthy.compute(() -> changed(body, action)), (changed, cause) -> {
                        place.release();
                        if (changed != null) {
                            tell(response, changed.change(), changed.result());
                        } else {
                            Responses.problem(response, problem(cause));
                        }
                    });
                },
                () -> Responses.problem(
                        response,
                        Problem.of(
                                ProblemType.TOO_LARGE,
                                "the body is larger than " + RequestBody.MAX_BYTES
                                        + " bytes; split the entries over several requests")));
    }

    /** What came of what. */
    private record Changed(DirectoryChange change, DirectoryResult result) {}

    private Future<Changed> changed(byte[] body, DirectoryChange.Action action) throws ProblemException {
        DirectoryChange change = DirectoryChangeBody.parse(body, action);
        TableRoute.Sharded route = withDirectory(lookups.route(lookups.table(), change.table(), Intent.WRITE));
        return operators
                .apply(change)
                .onComplete(done -> forget(route, change))
                .map(result -> new Changed(change, result));
    }

    private static Problem problem(Throwable cause) {
        return switch (cause) {
            case ProblemException e -> e.problem();
            case DirectoryCall.RefusedException refused ->
                Problem.of(type(refused.status()), String.valueOf(refused.getMessage()));
            default -> TenantLookups.problem(cause);
        };
    }

    private static void tell(HttpServerResponse response, DirectoryChange change, DirectoryResult result) {
        List<Map<String, Object>> told = new ArrayList<>();
        int worst = 200;
        for (int i = 0; i < result.results().size(); i++) {
            DirectoryResult.Item item = result.results().get(i);
            int status = status(item.outcome());
            worst = Math.max(worst, status);
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("key", change.entries().get(i).key());
            entry.put("outcome", item.outcome().name().toLowerCase(Locale.ROOT));
            entry.put("status", status);
            if (item.detail() != null) {
                entry.put("detail", item.detail());
            }
            told.add(entry);
        }
        boolean single = told.size() == 1;
        if (worst != 200 && single) {
            DirectoryResult.Item item = result.results().getFirst();
            Responses.problem(
                    response,
                    new Problem(
                            type(worst),
                            String.valueOf(item.detail()),
                            Map.of("outcome", item.outcome().name().toLowerCase(Locale.ROOT))));
            return;
        }
        response.setStatusCode(worst == 200 ? 200 : MULTI_STATUS);
        Responses.json(response, Buffer.buffer(Json.write(Map.of("results", told))));
    }

    private static int status(DirectoryResult.Outcome outcome) {
        return switch (outcome) {
            case DONE, UNCHANGED -> 200;
            case INVALID -> 400;
            case REFUSED -> 409;
            case BUSY, PENDING -> 503;
        };
    }

    private static ProblemType type(int status) {
        return switch (status) {
            case 400 -> ProblemType.INVALID_KEY;
            case 403 -> ProblemType.DIRECTORY_FORBIDDEN;
            case 404 -> ProblemType.UNKNOWN_TABLE;
            case 409 -> ProblemType.DIRECTORY_CONFLICT;
            case 413 -> ProblemType.TOO_LARGE;
            default -> ProblemType.DIRECTORY_UNAVAILABLE;
        };
    }

    private static TableRoute.Sharded withDirectory(TableRoute route) throws ProblemException {
        if (route instanceof TableRoute.Sharded sharded && sharded.map().hasDirectory()) {
            return sharded;
        }
        throw new ProblemException(Problem.of(
                ProblemType.DIRECTORY_CONFLICT,
                "table " + route.name()
                        + " has no directory; the ShardedCluster's spec gives one to a group of tables when it"
                        + " is created"));
    }

    /** What this router remembers would mislead whoever has just asked for the change. */
    private void forget(TableRoute.Sharded route, DirectoryChange change) {
        change.entries().forEach(entry -> key(route, entry).ifPresent(key -> directory.forget(route, List.of(key))));
    }

    /** Empty for what is no key, of which nothing is remembered. */
    private static Optional<RowKey> key(TableRoute.Sharded route, DirectoryChange.Entry entry) {
        try {
            RowKey key = route.key().parse(entry.key());
            route.map().ownerOf(key);
            return Optional.of(key);
        } catch (IllegalArgumentException noKey) {
            return Optional.empty();
        }
    }

    private interface Heard<T> {
        void answer(@Nullable T result, Throwable cause);
    }

    private <T> void onContext(Future<T> future, Heard<T> heard) {
        Context context = vertx.getOrCreateContext();
        future.onComplete(done -> context.runOnContext(unused -> heard.answer(
                done.result(), done.cause() == null ? new IllegalStateException("no answer") : done.cause())));
    }
}
