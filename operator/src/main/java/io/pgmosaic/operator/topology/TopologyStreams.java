package io.pgmosaic.operator.topology;

import io.micrometer.core.instrument.MeterRegistry;
import io.pgmosaic.operator.ClusterKey;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import org.jboss.logging.Logger;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** The streams that this replica serves. */
final class TopologyStreams {
    static final String TYPE = "application/x-ndjson";

    private static final Logger LOG = Logger.getLogger(TopologyStreams.class);
    /** How much of a second each receiver of a replica that stops costs the others: a handshake and a token. */
    private static final Duration FAREWELL_EACH = Duration.ofMillis(5);
    /** For those that do not go when they are asked to. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final Vertx vertx;
    private final TopologyHub hub;
    private final StreamLimits limits;
    private final Clock clock;
    private final StreamMetrics metrics;
    private final Set<Subscriber> subscribers = ConcurrentHashMap.newKeySet();
    private volatile boolean dismissed;
    private final CountDownLatch empty = new CountDownLatch(1);

    TopologyStreams(Vertx vertx, TopologyHub hub, StreamLimits limits, Clock clock, MeterRegistry registry) {
        this.vertx = vertx;
        this.hub = hub;
        this.limits = limits;
        this.clock = clock;
        this.metrics = new StreamMetrics(registry, subscribers::size);
    }

    StreamMetrics metrics() {
        return metrics;
    }

    /**
     * Streams until either side ends it. On the event loop of the request.
     *
     * @param allowed why the receiver may not read the topology any more; empty when it may; asked from time to time
     * @param whenOver run once
     */
    void begin(ClusterKey cluster, HttpServerRequest request, Callable<Optional<String>> allowed, Runnable whenOver) {
        HttpServerResponse response = request.response();
        response.putHeader(HttpHeaders.CONTENT_TYPE, TYPE).setChunked(true);
        String since = request.getParam("since");
        long[] check = new long[1];
        Subscriber subscriber = new Subscriber(vertx, request, since, clock, limits.stall(), metrics, over -> {
            vertx.cancelTimer(check[0]);
            subscribers.remove(over);
            whenOver.run();
            if (dismissed && subscribers.isEmpty()) {
                empty.countDown();
            }
        });
        check[0] = vertx.setPeriodic(recheckMillis(), timer -> checkAgain(cluster, subscriber, allowed));
        subscribers.add(subscriber);
        subscriber.start(hub.subscribe(cluster, since, subscriber::call, () -> subscriber.cut(StreamMetrics.End.GONE)));
        if (dismissed) {
            subscriber.dismiss(0);
        }
    }

    /** Has the receivers go elsewhere, spread over a time that grows with their number; returns when they are gone. */
    void dismiss() {
        dismissed = true;
        List<Subscriber> leaving = List.copyOf(subscribers);
        long spread = Math.min(limits.farewell().toMillis(), leaving.size() * FAREWELL_EACH.toMillis());
        leaving.forEach(
                subscriber -> subscriber.dismiss(ThreadLocalRandom.current().nextLong(spread + 1)));
        try {
            if (!subscribers.isEmpty() && !empty.await(spread + GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.infof("%d topology streams are cut", subscribers.size());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Those that came together are not looked at together. */
    private long recheckMillis() {
        long millis = limits.recheck().toMillis();
        return millis - ThreadLocalRandom.current().nextLong(millis / 10 + 1);
    }

    /**
     * Ends the stream of whoever may not read it any more, or shows a token that is over: a router comes back at once, with
     * the one that it has then. While nobody can be asked the stream goes on.
     */
    private void checkAgain(ClusterKey cluster, Subscriber subscriber, Callable<Optional<String>> allowed) {
        vertx.executeBlocking(allowed, false)
                .onSuccess(refusal -> refusal.ifPresent(reason -> {
                    LOG.infof("a topology stream ends: %s", reason);
                    subscriber.cut(StreamMetrics.End.WITHDRAWN);
                }))
                .onFailure(e -> LOG.debugf(e, "a token for %s could not be checked again", cluster));
    }
}
