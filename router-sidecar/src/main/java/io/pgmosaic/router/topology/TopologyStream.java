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
 * Keeps a stream open to one of the operators: when it ends, for whatever reason, the next URL is tried after a pause at
 * random, whose limit doubles from 400 ms to 5 s while no stream lasts. A new stream goes on where the last one ended, when the
 * operator is the same; it is ended when what it goes on from is not what the router has any more. An operator that stops names
 * the moment to leave it. All state is confined to one event loop.
 */
public final class TopologyStream {
    private static final Duration LEAST_PAUSE = Duration.ofMillis(100);
    private static final int MOST_REPORTED = 100;
    private static final Duration MOST_PAUSE = Duration.ofSeconds(5);
    /** A stream that ended sooner is no reason to come back at once. */
    private static final Duration LASTING = Duration.ofSeconds(5);
    /** Whatever an operator asks for: meanwhile the topology grows old. */
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofSeconds(30);

    private final Context context;
    private final Vertx vertx;
    private final StreamSettings settings;
    private final TopologyReceiver receiver;
    private final TopologyView view;
    private final TopologyMetrics metrics;
    private final JsonLog log;
    private final Backoff backoff;
    private final RandomGenerator random;
    private int next;
    private long began;
    private boolean leaving;
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
        this.random = random;
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
        leaving = false;
        StreamAttempt opening = new StreamAttempt(
                vertx,
                settings,
                url,
                receiver.position(),
                this::line,
                (reason, retryAfter) -> ended(url, reason, retryAfter));
        attempt = opening;
        receiver.opened(afterMillis -> leave(opening, afterMillis), () -> beginAnew(opening));
        opening.start();
    }

    private void line(URI url, byte[] line) {
        if (!view.connected()) {
            view.connected(true);
            began = System.nanoTime();
            metrics.connected();
            reported.clear();
            log.info("receiving the topology", Map.of("url", url));
        }
        receiver.line(line);
    }

    /** What was received stays in use, and the stream open, until the time is over. By any thread. */
    private void leave(StreamAttempt left, long afterMillis) {
        context.runOnContext(v -> {
            if (left.equals(attempt) && !leaving) {
                leaving = true;
                vertx.setTimer(Math.max(1, afterMillis), timer -> left.end("the operator stops"));
            }
        });
    }

    /** By any thread. */
    private void beginAnew(StreamAttempt useless) {
        context.runOnContext(
                v -> useless.end("it went on from a place where the router is not any more; asking for everything"));
    }

    private void ended(URI url, String reason, Duration retryAfter) {
        attempt = null;
        boolean lasted = view.connected() && System.nanoTime() - began >= LASTING.toNanos();
        view.connected(false);
        if (stopped) {
            return;
        }
        metrics.disconnected();
        if (lasted) {
            backoff.reset();
        }
        // An operator that is away for an hour is one line for each address and reason, not one for each attempt.
        if (reported.size() < MOST_REPORTED && reported.add(url + " " + reason)) {
            log.warn("no topology from the operator; still trying", Map.of("url", url, "cause", reason));
        }
        vertx.setTimer(pauseMillis(retryAfter), timer -> connect());
    }

    /** Those that an operator asked to leave come spread already. Another address may do what this one does not. */
    private long pauseMillis(Duration retryAfter) {
        if (leaving) {
            return 1;
        }
        long pause = backoff.next().toMillis();
        if (settings.urls().size() > 1) {
            return pause;
        }
        long asked = Math.min(retryAfter.toMillis(), LONGEST_RETRY_AFTER.toMillis());
        return Math.max(pause, asked + random.nextLong(asked / 2 + 1));
    }
}
