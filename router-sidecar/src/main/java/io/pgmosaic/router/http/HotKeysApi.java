package io.pgmosaic.router.http;

import io.pgmosaic.protocol.Json;
import io.pgmosaic.router.hotkeys.BoundedKey;
import io.pgmosaic.router.hotkeys.HotKeys;
import io.pgmosaic.router.hotkeys.KeyNames;
import io.pgmosaic.router.lookup.Intent;
import io.pgmosaic.router.lookup.RoutingTable;
import io.pgmosaic.router.lookup.TableRoute;
import io.pgmosaic.routing.key.InvalidKeyException;
import io.pgmosaic.routing.key.Key;
import io.pgmosaic.routing.key.KeyValue;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/** {@code GET /v1/hotkeys}: which keys are looked up most here. */
final class HotKeysApi {
    private static final List<String> KNOWN = List.of("table", "limit");
    private static final int LIMIT = 10;
    private static final int MOST = 1_000;

    private final Lookups lookups;
    private final HotKeys hotKeys;
    private final KeyNames names;
    private final boolean shown;
    private final LongSupplier nanos;

    /**
     * @param shown whether keys themselves are told
     * @param nanos as {@link System#nanoTime}
     */
    HotKeysApi(Lookups lookups, HotKeys hotKeys, KeyNames names, boolean shown, LongSupplier nanos) {
        this.lookups = lookups;
        this.hotKeys = hotKeys;
        this.names = names;
        this.shown = shown;
        this.nanos = nanos;
    }

    /** The answer. */
    record Document(List<Table> tables) {
        Document {
            tables = List.copyOf(tables);
        }
    }

    record Table(String table, List<Entry> keys) {
        Table {
            keys = List.copyOf(keys);
        }
    }

    /**
     * @param name the key's, by which it can be found without being told
     * @param key its values in the order of the columns; null where keys are not told
     * @param share of the table's lookups, at most
     * @param error by how much the share may be less
     */
    record Entry(String name, @Nullable List<String> key, double share, double error, double perSecond) {}

    void answer(HttpServerRequest request) throws ProblemException {
        String query = request.query();
        Document document =
                query != null && (query.contains("key=") || query.contains("key.")) ? one(query) : top(query);
        Responses.json(request.response(), Buffer.buffer(Json.write(document)));
    }

    private Document top(@Nullable String query) throws ProblemException {
        QueryParameters given = QueryParameters.parse(query, KNOWN);
        int limit = limit(given.value("limit"));
        @Nullable String name = given.value("table");
        Set<String> tables = name == null
                ? hotKeys.tables()
                : Set.of(lookups.route(lookups.table(), name, Intent.READ).name());
        long now = nanos.getAsLong();
        return new Document(tables.stream()
                .map(table -> new Table(
                        table,
                        hotKeys.top(table, limit, now).stream().map(this::entry).toList()))
                .toList());
    }

    /** One key, for who wants to know what it is called, or how hot it is. */
    private Document one(String query) throws ProblemException {
        RouteQuery wanted = RouteQuery.parse(query);
        RoutingTable table = lookups.table();
        if (!(lookups.route(table, wanted.tableName(), Intent.READ) instanceof TableRoute.Sharded route)) {
            throw QueryParameters.invalid("lookups of reference tables need no key, so none of them is hot");
        }
        Key key;
        try {
            key = BoundedKey.of(route.key().parse(wanted.keyOf(route)).key());
        } catch (InvalidKeyException e) {
            throw new ProblemException(Problem.of(ProblemType.INVALID_KEY, String.valueOf(e.getMessage())));
        }
        return new Document(List.of(new Table(
                route.name(),
                hotKeys.top(route.name(), Integer.MAX_VALUE, nanos.getAsLong()).stream()
                        .filter(hot -> hot.key().equals(key))
                        .findFirst()
                        .map(hot -> List.of(entry(hot)))
                        .orElseGet(() -> List.of(entry(new HotKeys.HotKey(key, 0, 0, 0)))))));
    }

    private Entry entry(HotKeys.HotKey key) {
        return new Entry(
                names.of(key.key()),
                shown ? key.key().values().stream().map(KeyValue::text).toList() : null,
                key.share(),
                key.error(),
                key.perSecond());
    }

    private static int limit(@Nullable String text) throws ProblemException {
        if (text == null) {
            return LIMIT;
        }
        try {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= MOST) {
                return limit;
            }
        } catch (NumberFormatException notANumber) {
            // Answered like a number that is out of range.
        }
        throw QueryParameters.invalid("limit is a number from 1 to " + MOST + ", not " + Problem.quoted(text));
    }
}
