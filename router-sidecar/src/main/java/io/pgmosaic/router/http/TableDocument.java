package io.pgmosaic.router.http;

import io.pgmosaic.protocol.Json;
import io.pgmosaic.router.lookup.RoutingTable;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.Function;

/**
 * A document about a whole table, made when it is first asked for and kept until the table is another one. Who has it already,
 * by its {@code ETag}, is told so instead of being sent it again.
 */
final class TableDocument {
    private static final int NOT_MODIFIED = 304;
    private static final int TAG_BYTES = 12;

    private final Function<RoutingTable, Object> content;
    private volatile @Nullable Made made;

    private record Made(RoutingTable table, Buffer body, String tag) {}

    TableDocument(Function<RoutingTable, Object> content) {
        this.content = content;
    }

    /** Whether a client asks only for what is new to it. */
    static boolean isConditional(HttpServerRequest request) {
        return request.getHeader(HttpHeaders.IF_NONE_MATCH) != null;
    }

    void answer(HttpServerRequest request, RoutingTable table) {
        Made document = of(table);
        request.response().putHeader(HttpHeaders.ETAG, document.tag());
        if (document.tag().equals(request.getHeader(HttpHeaders.IF_NONE_MATCH))) {
            Responses.send(request.response().setStatusCode(NOT_MODIFIED), Buffer.buffer());
        } else {
            Responses.json(request.response(), document.body());
        }
    }

    private Made of(RoutingTable table) {
        @Nullable Made last = made;
        if (last == null || last.table() != table) {
            byte[] body = Json.write(content.apply(table));
            last = new Made(table, Buffer.buffer(body), tag(body));
            made = last;
        }
        return last;
    }

    /** The same from every router that says the same. */
    private static String tag(byte[] body) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(body);
            return '"' + HexFormat.of().formatHex(digest, 0, TAG_BYTES) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
