package io.pgmosaic.router.http;

import io.pgmosaic.protocol.Json;
import io.pgmosaic.router.lookup.RoutingTable;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

import java.util.function.Function;

/** A document about a whole table, made when it is first asked for and kept until the table is another one. */
final class TableDocument {
    private final Function<RoutingTable, Object> content;
    private volatile @Nullable Made made;

    private record Made(RoutingTable table, Buffer body) {}

    TableDocument(Function<RoutingTable, Object> content) {
        this.content = content;
    }

    Buffer of(RoutingTable table) {
        @Nullable Made last = made;
        if (last == null || last.table() != table) {
            last = new Made(table, Buffer.buffer(Json.write(content.apply(table))));
            made = last;
        }
        return last.body();
    }
}
