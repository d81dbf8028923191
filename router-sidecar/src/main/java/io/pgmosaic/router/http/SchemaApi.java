package io.pgmosaic.router.http;

import io.pgmosaic.protocol.Json;
import io.pgmosaic.protocol.topology.SchemaChange;
import io.pgmosaic.router.lookup.RoutingTable;
import io.pgmosaic.router.lookup.TableRoute;
import io.pgmosaic.router.topology.TopologyView;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.function.LongSupplier;

/** Answers {@code GET /v1/schema}. */
final class SchemaApi {
    private static final String TABLE = "table";
    private static final String MIGRATION = "migration";

    private final Lookups lookups;
    private final TopologyView view;
    private final LongSupplier nanos;

    SchemaApi(Lookups lookups, TopologyView view, LongSupplier nanos) {
        this.lookups = lookups;
        this.view = view;
        this.nanos = nanos;
    }

    void answer(HttpServerRequest request) throws ProblemException {
        QueryParameters query = QueryParameters.parse(request.query(), List.of(TABLE, MIGRATION));
        @Nullable String name = query.value(TABLE);
        if (name == null || name.isEmpty()) {
            throw QueryParameters.invalid("name the table: table=<name> or table=<schema>.<name>");
        }
        @Nullable String migration = query.value(MIGRATION);
        if (migration != null && migration.isEmpty()) {
            throw QueryParameters.invalid("migration is the name of a SchemaMigration, or is left out");
        }
        RoutingTable table = lookups.table();
        String qualified = qualified(name, table);
        List<SchemaChange> changes = table.topology().schema().changes().stream()
                .filter(change -> change.touches(qualified))
                .filter(change -> migration == null || migration.equals(change.name()))
                .toList();
        Responses.json(
                request.response(),
                Buffer.buffer(
                        Json.write(SchemaDocument.of(qualified, migration, changes, table.shardNames(), isFresh()))));
    }

    /** Also of a table that is not sharded, once a migration has made or changed it. */
    private static String qualified(String name, RoutingTable table) throws ProblemException {
        @Nullable TableRoute route = table.table(name);
        if (route != null) {
            return route.name();
        }
        String qualified = name.indexOf('.') < 0 ? "public." + name : name;
        boolean isKnown = table.topology().schema().changes().stream()
                .anyMatch(change -> change.tables() != null && change.touches(qualified));
        if (!isKnown) {
            throw new ProblemException(Problem.unknownTable(name, table));
        }
        return qualified;
    }

    private boolean isFresh() {
        return view.toldMillisAgo(nanos.getAsLong()) <= SchemaChange.RELIABLE.toMillis();
    }
}
