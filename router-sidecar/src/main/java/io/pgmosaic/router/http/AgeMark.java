package io.pgmosaic.router.http;

import io.pgmosaic.router.consistency.ReplicaState;
import io.pgmosaic.router.topology.TopologyView;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Says of answers how old what they rest on is, once no operator has said for a while that it is current. That is a header, since
 * bodies are made once for many answers.
 */
final class AgeMark {
    private static final CharSequence AGE = HttpHeaders.createOptimized("Age");
    private static final CharSequence SOURCE = HttpHeaders.createOptimized("X-Topology-Source");
    /** An operator says about once a second that all it told is current. */
    private static final long FRESH_MILLIS = 5_000;

    private final TopologyView view;

    AgeMark(TopologyView view) {
        this.view = view;
    }

    /** Looks again when the answer is made: a lookup that waits may be answered with what has come by then. */
    void on(HttpServerResponse response) {
        if (view.toldMillisAgo(System.nanoTime()) > FRESH_MILLIS) {
            response.headersEndHandler(end -> mark(response));
        }
    }

    private void mark(HttpServerResponse response) {
        long told = view.toldMillisAgo(System.nanoTime());
        @Nullable Duration stored = view.age();
        if (told <= FRESH_MILLIS || stored == null) {
            return;
        }
        long seconds =
                told == ReplicaState.UNKNOWN ? Math.max(0, stored.toSeconds()) : TimeUnit.MILLISECONDS.toSeconds(told);
        String source = view.source() == TopologyView.Source.LIVE
                ? "memory"
                : view.source().name().toLowerCase(Locale.ROOT);
        response.putHeader(AGE, Long.toString(seconds)).putHeader(SOURCE, source);
    }
}
