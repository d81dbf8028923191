package io.pgmosaic.router.http;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.pgmosaic.router.hotkeys.KeyNames;
import io.pgmosaic.router.lookup.Answer;
import io.pgmosaic.router.lookup.TableRoute;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Spans of lookups and of queries that go to several shards. A span is made when its request is answered and begins when that came,
 * in the trace that the header {@code traceparent} names. Keys are named and not told.
 */
public final class LookupSpans {
    private static final AttributeKey<String> SHARD = AttributeKey.stringKey("shard.id");
    private static final AttributeKey<String> KEY = AttributeKey.stringKey("shard.key");
    private static final AttributeKey<Long> TERM = AttributeKey.longKey("shard.term");
    private static final AttributeKey<String> TABLE = AttributeKey.stringKey("db.collection.name");
    private static final AttributeKey<String> INTENT = AttributeKey.stringKey("shard.intent");
    private static final AttributeKey<String> CONSISTENCY = AttributeKey.stringKey("shard.consistency");
    private static final AttributeKey<String> SERVER = AttributeKey.stringKey("shard.server");
    private static final AttributeKey<String> PROBLEM = AttributeKey.stringKey("error.type");
    private static final AttributeKey<Long> KEYS = AttributeKey.longKey("batch.key_count");
    private static final AttributeKey<Long> SHARDS = AttributeKey.longKey("scatter.shard_count");
    private static final AttributeKey<Long> ROWS = AttributeKey.longKey("gather.total_rows");

    private static final TextMapGetter<HttpServerRequest> HEADERS = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(HttpServerRequest request) {
            return request.headers().names();
        }

        @Override
        public @Nullable String get(@Nullable HttpServerRequest request, String name) {
            return request == null ? null : request.getHeader(name);
        }
    };

    private final Tracer tracer;
    private final KeyNames names;

    public LookupSpans(OpenTelemetry openTelemetry, KeyNames names) {
        this.tracer = openTelemetry.getTracer("io.pgmosaic.router");
        this.names = names;
    }

    /** @param start when the request came, by {@link System#nanoTime} */
    void answered(HttpServerRequest request, RouteQuery query, TableRoute route, Answer answer, long start) {
        Span span = begin(request, "shard_lookup", start)
                .setAttribute(TABLE, route.name())
                .setAttribute(INTENT, query.intent().text())
                .setAttribute(SHARD, answer.shard())
                .startSpan();
        if (query.guarantee() != null) {
            span.setAttribute(CONSISTENCY, query.guarantee().consistency().text());
        }
        if (route instanceof TableRoute.Sharded sharded) {
            key(query, sharded, span);
        }
        switch (answer) {
            case Answer.Served served ->
                span.setAttribute(SERVER, served.server().instance());
            case Answer.Unavailable unavailable ->
                span.setAttribute(TERM, unavailable.term()).setStatus(StatusCode.ERROR, unavailable.reason());
            case Answer.Unmet unmet ->
                span.setAttribute(TERM, unmet.term()).setStatus(StatusCode.ERROR, unmet.reason());
        }
        span.end();
    }

    /** @param start when the request came, by {@link System#nanoTime} */
    void refused(HttpServerRequest request, Problem problem, long start) {
        begin(request, "shard_lookup", start)
                .setAttribute(PROBLEM, problem.type().uri())
                .startSpan()
                .setStatus(StatusCode.ERROR, problem.type().title())
                .end();
    }

    /** @param start when the request came, by {@link System#nanoTime} */
    void batch(HttpServerRequest request, BatchRequest batch, long start) {
        begin(request, "shard_lookup_batch", start)
                .setAttribute(TABLE, batch.tableName())
                .setAttribute(INTENT, batch.intent().text())
                .setAttribute(KEYS, (long) batch.keys().size())
                .startSpan()
                .end();
    }

    /** A query was told all shards, or some. */
    void scatter(HttpServerRequest request, int shards, long start) {
        begin(request, "scatter_gather", start)
                .setAttribute(SHARDS, (long) shards)
                .startSpan()
                .end();
    }

    /** A client reports a query that it sent to several shards; the span lasts as long as that took, and ends now. */
    void reported(HttpServerRequest request, OutcomeReport.Scattered scattered) {
        Instant now = Instant.now();
        SpanBuilder builder = tracer.spanBuilder("scatter_gather")
                .setParent(parent(request))
                .setSpanKind(SpanKind.CLIENT)
                .setStartTimestamp(now.minus(Duration.ofNanos(scattered.nanos())))
                .setAttribute(SHARDS, (long) scattered.shards());
        if (scattered.rows() != null) {
            builder.setAttribute(ROWS, scattered.rows());
        }
        builder.startSpan().end(now);
    }

    private SpanBuilder begin(HttpServerRequest request, String name, long start) {
        return tracer.spanBuilder(name)
                .setParent(parent(request))
                .setSpanKind(SpanKind.SERVER)
                .setStartTimestamp(Instant.now().minusNanos(System.nanoTime() - start));
    }

    private static Context parent(HttpServerRequest request) {
        return W3CTraceContextPropagator.getInstance().extract(Context.root(), request, HEADERS);
    }

    /** The query was answered, so it has a key. */
    private void key(RouteQuery query, TableRoute.Sharded route, Span span) {
        try {
            List<@Nullable String> texts = query.keyOf(route);
            span.setAttribute(KEY, names.of(route.key().parse(texts).key()));
        } catch (ProblemException e) {
            span.recordException(e);
        }
    }
}
