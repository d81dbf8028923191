package io.pgmosaic.router.topology;

import io.pgmosaic.router.log.JsonLog;
import io.pgmosaic.router.metrics.TopologyMetrics;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Keeps a stream open to one of the operators: when it ends, for whatever reason, the next URL is tried after a pause
 * that grows from 100 ms to 5 s while no attempt brings a line. All state is confined to one event loop.
 */
public final class TopologyStream {
    private static final Duration LEAST_PAUSE = Duration.ofMillis(100);
    private static final int MOST_REPORTED = 100;
    private static final Duration MOST_PAUSE = Duration.ofSeconds(5);

    private final Context context;
    private final Vertx vertx;
    private final StreamSettings settings;
    private final TopologyReceiver receiver;
    private final TopologyView view;
    private final TopologyMetrics metrics;
    private final JsonLog log;
    private final Backoff backoff;
    private int next;
    private boolean stopped;
    private @Nullable StreamAttempt attempt;
    private final Set<String> reported = new HashSet<>();

    public TopologyStream(
            Vertx vertx,
            StreamSettings settings,
            TopologyReceiver receiver,
            TopologyView view,
            TopologyMetrics metrics,
            JsonLog log,
            RandomGenerator random) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.settings = settings;
        this.receiver = receiver;
        this.view = view;
        this.metrics = metrics;
        this.log = log;
        this.backoff = new Backoff(LEAST_PAUSE, MOST_PAUSE, random);
        this.next = random.nextInt(settings.urls().size());
    }

    public void start() {
        context.runOnContext(v -> connect());
    }

    /** Ends the stream; no line is delivered after the future is complete. */
    public Future<Void> stop() {
        Promise<Void> done = Promise.promise();
        context.runOnContext(v -> {
            stopped = true;
            if (attempt != null) {
                attempt.end("the router stops");
            }
            done.complete();
        });
        return done.future();
    }

    private void connect() {
        if (stopped) {
            return;
        }
        URI url = settings.urls().get(next);
        next = (next + 1) % settings.urls().size();
        attempt = new StreamAttempt(vertx, settings, url, this::line, reason -> ended(url, reason));
        receiver.opened();
        attempt.start();
    }

    private void line(URI url, byte[] line) {
        if (!view.connected()) {
            view.connected(true);
            metrics.connected();
            reported.clear();
            log.info("receiving the topology", Map.of("url", url));
        }
        backoff.reset();
        receiver.line(line);
    }

    private void ended(URI url, String reason) {
        attempt = null;
        view.connected(false);
        if (stopped) {
            return;
        }
        metrics.disconnected();
        // An operator that is away for an hour is one line for each address and reason, not one for each attempt.
        if (reported.size() < MOST_REPORTED && reported.add(url + " " + reason)) {
            log.warn("no topology from the operator; still trying", Map.of("url", url, "cause", reason));
        }
        long pause = backoff.next().toMillis();
        vertx.setTimer(pause, timer -> connect());
    }
}
