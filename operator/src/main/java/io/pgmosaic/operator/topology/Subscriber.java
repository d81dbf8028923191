package io.pgmosaic.operator.topology;

import io.pgmosaic.protocol.topology.TopologyEvent;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * One stream to one receiver. What a receiver cannot take yet is not kept for it: it is sent what is newest once the kernel has
 * taken all that was written. So a slow one holds at most one piece of news, which all who are at the same place share until it
 * is encrypted. Confined to its event loop, but for what says otherwise.
 */
final class Subscriber {
    private static final Logger LOG = Logger.getLogger(Subscriber.class);
    private static final long HEARTBEAT_MILLIS = 1_000;

    private final Vertx vertx;
    private final Context context;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Clock clock;
    private final Duration stall;
    private final StreamMetrics metrics;
    private final Consumer<Subscriber> whenOver;
    private final AtomicBoolean called = new AtomicBoolean();
    /** Whether it has to be told that it goes on, instead of the whole picture. */
    private boolean resuming;

    private final boolean knowsFarewells;
    private TopologyHub.@Nullable Subscription subscription;
    private long heartbeat;
    private boolean sentLately;
    /** Writes that the kernel has not taken whole. Beside them the socket buffers; what both come to is in docs/operations.md. */
    private int waiting;

    private long waitingSince;
    private boolean over;

    /**
     * On the event loop of the request.
     *
     * @param since what the receiver says of what it has; null when it says nothing, empty when it has nothing
     * @param stall how long it may leave what waits for it
     * @param whenOver told once, on the event loop
     */
    Subscriber(
            Vertx vertx,
            HttpServerRequest request,
            @Nullable String since,
            Clock clock,
            Duration stall,
            StreamMetrics metrics,
            Consumer<Subscriber> whenOver) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.request = request;
        this.response = request.response();
        this.clock = clock;
        this.stall = stall;
        this.metrics = metrics;
        this.whenOver = whenOver;
        this.resuming = since != null && !since.isEmpty();
        this.knowsFarewells = since != null;
    }

    /** Begins to send. */
    void start(TopologyHub.Subscription subscribed) {
        subscription = subscribed;
        response.closeHandler(closed -> end(StreamMetrics.End.LEFT));
        response.exceptionHandler(e -> LOG.debug("a topology stream broke", e));
        heartbeat = vertx.setPeriodic(HEARTBEAT_MILLIS, timer -> giveSignOfLife());
        sendNews();
    }

    /** There is something new. By any thread; many calls before it is sent are one. */
    void call() {
        if (called.compareAndSet(false, true)) {
            context.runOnContext(now -> {
                called.set(false);
                sendNews();
            });
        }
    }

    /** By any thread. */
    void cut(StreamMetrics.End reason) {
        context.runOnContext(now -> end(reason));
    }

    /** This replica stops: the receiver is to be gone when the time is over. By any thread. */
    void dismiss(long millis) {
        context.runOnContext(now -> {
            if (over) {
                return;
            }
            if (knowsFarewells) {
                write(new Line(new TopologyEvent.Leave(millis)).text());
            }
            // One that knows farewells leaves by itself before.
            vertx.setTimer(
                    Math.max(1, knowsFarewells ? millis + HEARTBEAT_MILLIS : millis),
                    timer -> end(StreamMetrics.End.STOPPING));
        });
    }

    private void sendNews() {
        if (over || subscription == null || waiting > 0) {
            return;
        }
        News news = subscription.next();
        Buffer text = news.text();
        switch (news.kind()) {
            case NO_PICTURE -> {}
            case CHANGES -> {
                if (resuming) {
                    resuming = false;
                    metrics.resumed();
                    text = Buffer.buffer()
                            .appendBuffer(text)
                            .appendBuffer(new Line(new TopologyEvent.Resumed(subscription.position())).text());
                }
            }
            case PICTURE -> {
                resuming = false;
                metrics.picture();
            }
        }
        if (text.length() > 0) {
            write(text);
        }
    }

    /** Everything said before is so now, which is not true while there is something that it was not told. */
    private void giveSignOfLife() {
        sendNews();
        if (waiting > 0) {
            if (System.nanoTime() - waitingSince >= stall.toNanos()) {
                LOG.infof("a topology stream ends: its receiver took nothing for %d s", stall.toSeconds());
                end(StreamMetrics.End.STALLED);
            }
            return;
        }
        if (!sentLately) {
            write(new Line(new TopologyEvent.Heartbeat(clock.instant())).text());
        }
        sentLately = false;
    }

    private void write(Buffer text) {
        if (over || response.closed() || response.ended()) {
            return;
        }
        sentLately = true;
        if (waiting++ == 0) {
            waitingSince = System.nanoTime();
        }
        response.write(text)
                .onFailure(e -> LOG.debug("a topology event could not be sent", e))
                .onComplete(taken -> {
                    if (--waiting == 0) {
                        sendNews();
                    }
                });
    }

    private void end(StreamMetrics.End reason) {
        if (over) {
            return;
        }
        over = true;
        vertx.cancelTimer(heartbeat);
        if (subscription != null) {
            subscription.close();
        }
        metrics.ended(reason);
        whenOver.accept(this);
        if (reason != StreamMetrics.End.LEFT) {
            request.connection().close();
        }
    }
}
