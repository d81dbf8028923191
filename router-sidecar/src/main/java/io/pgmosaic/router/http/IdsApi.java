package io.pgmosaic.router.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.pgmosaic.router.ids.Draw;
import io.pgmosaic.router.ids.IdKind;
import io.pgmosaic.router.ids.Ids;
import io.pgmosaic.router.metrics.IdMetrics;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

import java.util.Arrays;
import java.util.function.IntFunction;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** Answers {@code GET /v1/ids}. */
public final class IdsApi {
    /** More take longer than an event loop should be kept from lookups. */
    private static final int MOST_AT_ONCE = 200;

    private static final int LONGEST_ID = 39;

    private final Vertx vertx;
    private final Ids ids;
    private final IdMetrics metrics;

    public IdsApi(Vertx vertx, Ids ids, IdMetrics metrics) {
        this.vertx = vertx;
        this.ids = ids;
        this.metrics = metrics;
    }

    /** What is counted of it. */
    public static IdMetrics metrics(MeterRegistry registry) {
        return new IdMetrics(
                registry, Arrays.stream(IdKind.values()).map(IdKind::text).toList(), SnowflakeProblem.REASONS);
    }

    void answer(HttpServerRequest request) throws ProblemException {
        IdsQuery query = IdsQuery.parse(request.query());
        if (query.kind() == IdKind.SNOWFLAKE) {
            snowflakes(request.response(), query);
        } else {
            give(request.response(), query, ids.random(query.kind()));
        }
    }

    private void snowflakes(HttpServerResponse response, IdsQuery query) throws ProblemException {
        Draw draw = ids.snowflakes(query.count());
        if (!(draw instanceof Draw.Drawn drawn)) {
            metrics.refused(SnowflakeProblem.reason(draw));
            throw new ProblemException(SnowflakeProblem.of(draw));
        }
        IntFunction<String> texts = index -> Long.toString(drawn.id(index));
        if (drawn.waitMillis() == 0) {
            give(response, query, texts);
        } else {
            vertx.setTimer(drawn.waitMillis(), timer -> give(response, query, texts));
        }
    }

    private void give(HttpServerResponse response, IdsQuery query, IntFunction<String> texts) {
        if (response.closed()) {
            return;
        }
        metrics.given(query.kind().text(), query.count());
        if (query.count() <= MOST_AT_ONCE) {
            Responses.json(response, document(query, texts));
        } else {
            vertx.executeBlocking(() -> document(query, texts), false)
                    .onSuccess(document -> Responses.json(response, document))
                    .onFailure(cause -> Responses.problem(
                            response, Problem.of(ProblemType.ROUTER_DEFECT, String.valueOf(cause.getMessage()))));
        }
    }

    /** The ids need no escaping. */
    private static Buffer document(IdsQuery query, IntFunction<String> texts) {
        StringBuilder json = new StringBuilder(40 + query.count() * LONGEST_ID);
        json.append("{\"kind\":\"").append(query.kind().text()).append("\",\"ids\":[");
        for (int i = 0; i < query.count(); i++) {
            json.append(i == 0 ? "\"" : ",\"").append(texts.apply(i)).append('"');
        }
        return Buffer.buffer(json.append("]}").toString().getBytes(US_ASCII));
    }
}
