package io.pgmosaic.router.http;

import io.pgmosaic.protocol.Json;
import io.pgmosaic.protocol.topology.TableRule;
import io.pgmosaic.router.index.Found;
import io.pgmosaic.router.index.IndexUnavailableException;
import io.pgmosaic.router.index.LookupIndexes;
import io.pgmosaic.router.lookup.Intent;
import io.pgmosaic.router.lookup.RoutingTable;
import io.pgmosaic.router.lookup.ShardAnswers;
import io.pgmosaic.router.lookup.TableRoute;
import io.pgmosaic.routing.guard.DirectoryKey;
import io.pgmosaic.routing.guard.LookupSchema;
import io.pgmosaic.routing.key.Key;
import io.pgmosaic.routing.key.KeyValue;
import io.pgmosaic.routing.map.RowKey;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** {@code GET /v1/lookup/<index>?value=}: the key of the row that has a value, and the shard of the key. */
final class IndexApi {
    static final String PATH = "/v1/lookup/";

    private static final List<String> PARAMETERS = List.of("value", "refresh");
    private static final String ENTRIES = LookupSchema.SCHEMA + "." + LookupSchema.ENTRIES;

    private final Vertx vertx;
    private final Lookups lookups;
    private final LookupIndexes indexes;
    private final TenantLookups tenants;
    private final LongSupplier nanos;

    IndexApi(Vertx vertx, Lookups lookups, LookupIndexes indexes, TenantLookups tenants, LongSupplier nanos) {
        this.vertx = vertx;
        this.lookups = lookups;
        this.indexes = indexes;
        this.tenants = tenants;
        this.nanos = nanos;
    }

    /** A key that has a value, and when it was found out. */
    private record Holder(TableRoute.Sharded route, RowKey key, Found found) {}

    void find(HttpServerRequest request) throws ProblemException {
        String index = request.path().substring(PATH.length());
        QueryParameters query = QueryParameters.parse(request.query(), PARAMETERS);
        String value = value(query);
        boolean refresh = RouteQuery.refresh(query.value("refresh"));
        RoutingTable table = lookups.table();
        TableRule indexed = table.topology().tables().stream()
                .filter(rule ->
                        rule.lookupIndexes().stream().anyMatch(one -> one.name().equals(index)))
                .findFirst()
                .orElseThrow(() -> unknown(index));
        if (!(table.table(ENTRIES) instanceof TableRoute.Sharded entries)
                || !(table.table(indexed.qualifiedName()) instanceof TableRoute.Sharded route)) {
            throw new ProblemException(Problem.of(
                    ProblemType.INDEX_UNAVAILABLE,
                    "lookup index " + index + " is being set up; ask again after the time in Retry-After"));
        }
        ShardAnswers home = Lookups.sharded(table, entries, new RowKey(Key.text(value), null, null), Intent.READ);
        Context context = vertx.getOrCreateContext();
        indexes.find(table, home.topology(), index, value, refresh)
                .onComplete(found -> context.runOnContext(unused -> {
                    try {
                        if (found.failed()) {
                            throw new ProblemException(problem(index, found.cause()));
                        }
                        told(request, context, index, table, route, found.result(), refresh);
                    } catch (ProblemException e) {
                        Responses.problem(request.response(), e.problem());
                    }
                }));
    }

    private static ProblemException unknown(String index) {
        return new ProblemException(Problem.of(
                ProblemType.UNKNOWN_INDEX,
                "there is no lookup index " + Problem.quoted(index)
                        + "; indexes are declared with their tables in the ShardedCluster"));
    }

    private static String value(QueryParameters query) throws ProblemException {
        @Nullable String value = query.value("value");
        if (value == null || value.isEmpty()) {
            throw QueryParameters.invalid("give the value: value=<text>");
        }
        if (value.indexOf('\0') >= 0 || value.getBytes(StandardCharsets.UTF_8).length > LookupSchema.MOST_BYTES) {
            throw QueryParameters.invalid(
                    "a value of a lookup index has 1 to " + LookupSchema.MOST_BYTES + " bytes and no NUL");
        }
        return value;
    }

    private void told(
            HttpServerRequest request,
            Context context,
            String index,
            RoutingTable table,
            TableRoute.Sharded route,
            Found found,
            boolean refresh)
            throws ProblemException {
        @Nullable RowKey key = key(route, found);
        if (key == null) {
            throw new ProblemException(Problem.of(
                    ProblemType.VALUE_NOT_FOUND, "no key has this value of lookup index " + index + " at this moment"));
        }
        Holder holder = new Holder(route, key, found);
        switch (tenants.look(table, route, key, Intent.READ, null, refresh)) {
            case TenantLookups.Rule rule ->
                answer(request, index, holder, Lookups.sharded(table, route, key, Intent.READ));
            case TenantLookups.Known known ->
                answer(request, index, holder, tenants.shard(table, route, key, known.entry(), Intent.READ));
            case TenantLookups.Asking asking ->
                asking.answer()
                        .onComplete(entry -> context.runOnContext(unused -> {
                            try {
                                if (entry.failed()) {
                                    throw new ProblemException(TenantLookups.problem(entry.cause()));
                                }
                                answer(
                                        request,
                                        index,
                                        holder,
                                        tenants.shard(table, route, key, entry.result(), Intent.READ));
                            } catch (ProblemException e) {
                                Responses.problem(request.response(), e.problem());
                            }
                        }));
        }
    }

    /** Null when nobody has the value, or somebody reserved it for what is no key of the table and has no rows. */
    private static @Nullable RowKey key(TableRoute.Sharded route, Found found) {
        if (found.key() == null) {
            return null;
        }
        try {
            return new RowKey(DirectoryKey.parse(found.key(), route.key().key().types()), null, null);
        } catch (IllegalArgumentException noKey) {
            return null;
        }
    }

    private void answer(HttpServerRequest request, String index, Holder holder, ShardAnswers shard) {
        IndexDocument document = new IndexDocument(
                index,
                holder.route().name(),
                holder.key().key().values().stream().map(KeyValue::text).toList(),
                shard.topology().shard(),
                holder.found().ageMillis(nanos.getAsLong()));
        Responses.json(request.response(), Buffer.buffer(Json.write(document)));
    }

    private static Problem problem(String index, Throwable cause) {
        return cause instanceof IndexUnavailableException unavailable
                ? new Problem(
                        ProblemType.INDEX_UNAVAILABLE,
                        "which key has the value cannot be found out now, since shard " + unavailable.shard()
                                + " does not tell: " + unavailable.getMessage()
                                + "; ask again after the time in Retry-After",
                        Map.of("shard", unavailable.shard(), "index", index))
                : Problem.of(ProblemType.ROUTER_DEFECT, "the router failed; its log has the reason");
    }
}
