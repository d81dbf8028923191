package io.pgmosaic.router.http;

import io.pgmosaic.protocol.Json;
import io.pgmosaic.protocol.MalformedJsonException;
import io.pgmosaic.router.consistency.CausalToken;
import io.pgmosaic.router.consistency.Sessions;
import io.pgmosaic.router.lookup.RoutingTable;
import io.pgmosaic.router.lookup.ShardAnswers;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** Takes the positions that clients report, which they alone know, and makes tokens of them. */
final class PositionsApi {
    /** Each costs a check of its signature. */
    private static final int MOST_TOKENS = 64;

    private final Lookups lookups;
    private final Sessions sessions;
    private final Tokens tokens;
    private final LongSupplier nanos;

    /** @param nanos as {@link System#nanoTime} */
    PositionsApi(Lookups lookups, Sessions sessions, Tokens tokens, LongSupplier nanos) {
        this.lookups = lookups;
        this.sessions = sessions;
        this.tokens = tokens;
        this.nanos = nanos;
    }

    private record Merge(@Nullable List<@Nullable String> tokens) {}

    void report(HttpServerRequest request) {
        @Nullable String shown = Tokens.shown(request);
        body(request, body -> report(request, PositionReport.parse(body), shown));
    }

    void merge(HttpServerRequest request) {
        body(request, body -> merge(request, body));
    }

    private void report(HttpServerRequest request, PositionReport report, @Nullable String shown)
            throws ProblemException {
        RoutingTable table = lookups.table();
        if (!table.shardNames().contains(report.shard())) {
            throw new ProblemException(Problem.invalidRequest(
                    "there is no shard " + Problem.quoted(report.shard()) + "; write the one that the lookup told"));
        }
        // The token first: what is refused must leave nothing behind.
        @Nullable CausalToken token = null;
        if (shown != null) {
            token = tokens.read(shown, table).with(report.shard(), report.position());
        } else if (report.session() == null) {
            token = CausalToken.EMPTY.with(report.shard(), report.position());
        }
        @Nullable String written = token == null ? null : tokens.write(token, table);
        remember(report, table);
        learn(report, table);
        answer(request, written);
    }

    /** A replica from which something was read is as far as that, whatever the operator has told of it yet. */
    private void learn(PositionReport report, RoutingTable table) {
        ShardAnswers shard = table.shard(report.shard());
        if (shard != null && report.instance() != null && !report.write()) {
            shard.guaranteed().saw(report.instance(), report.position(), nanos.getAsLong());
        }
    }

    private void remember(PositionReport report, RoutingTable table) {
        String session = report.session();
        if (session == null) {
            return;
        }
        long now = nanos.getAsLong();
        long window = GuaranteedReads.window(table);
        sessions.use(table.topology().clusterUid(), now);
        if (report.write()) {
            sessions.wrote(session, report.shard(), report.position(), window, now);
        } else {
            sessions.read(session, report.shard(), report.position(), window, now);
        }
    }

    private void merge(HttpServerRequest request, byte[] body) throws ProblemException {
        @Nullable List<@Nullable String> shown;
        try {
            shown = Json.read(body, Merge.class).tokens();
        } catch (MalformedJsonException e) {
            shown = null;
        }
        if (shown == null || shown.contains(null)) {
            throw new ProblemException(Problem.invalidRequest("the body is {\"tokens\": [\"...\", ...]}"));
        }
        if (shown.size() > MOST_TOKENS) {
            throw new ProblemException(
                    Problem.invalidRequest("more than " + MOST_TOKENS + " tokens; merge them in several requests"));
        }
        RoutingTable table = lookups.table();
        CausalToken merged = CausalToken.EMPTY;
        for (String token : shown) {
            merged = merged.merge(tokens.read(token, table));
        }
        answer(request, tokens.write(merged, table));
    }

    private static void answer(HttpServerRequest request, @Nullable String token) {
        if (token != null) {
            request.response().putHeader(Tokens.HEADER, token);
        }
        Responses.json(
                request.response(), Buffer.buffer(Json.write(token == null ? Map.of() : Map.of("token", token))));
    }

    private interface Body {
        void take(byte[] body) throws ProblemException;
    }

    private static void body(HttpServerRequest request, Body whole) {
        RequestBody.read(
                request,
                body -> {
                    try {
                        whole.take(body);
                    } catch (ProblemException e) {
                        Responses.problem(request.response(), e.problem());
                    }
                },
                () -> Responses.problem(
                        request.response(),
                        Problem.of(
                                ProblemType.TOO_LARGE,
                                "the body is larger than " + RequestBody.MAX_BYTES
                                        + " bytes; merge the tokens in several requests")));
    }
}
