package io.pgmosaic.router.http;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the clients of all event loops; those beyond the limit are told so, and go. Thread-safe. */
public final class Connections {
    private final int most;
    private final AtomicInteger open = new AtomicInteger();
    private final Set<HttpConnection> surplus = ConcurrentHashMap.newKeySet();

    public Connections(int most) {
        this.most = most;
    }

    /** How many there are. */
    public int open() {
        return open.get();
    }

    void opened(HttpConnection connection) {
        if (open.incrementAndGet() > most) {
            surplus.add(connection);
        }
        connection.closeHandler(closed -> {
            open.decrementAndGet();
            surplus.remove(connection);
        });
    }

    /** Answers a request of a connection too many, and says whether it was one. */
    boolean refuses(HttpServerRequest request) {
        if (surplus.isEmpty() || !surplus.contains(request.connection())) {
            return false;
        }
        request.response().putHeader("Connection", "close");
        Responses.problem(
                request.response(), OverloadProblem.busy("no room for more than " + most + " connections of clients"));
        return true;
    }
}
