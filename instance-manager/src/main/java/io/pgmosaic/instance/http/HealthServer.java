package io.pgmosaic.instance.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.pgmosaic.instance.command.Instance;
import io.pgmosaic.protocol.instance.PostgresState;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;

/** What the kubelet asks, in plain HTTP: no more than {@code ok} or a short reason. */
public final class HealthServer {
    private final Instance instance;
    private final HttpServer server;

    public HealthServer(InetSocketAddress address, Instance instance, Executor threads) throws IOException {
        this.instance = instance;
        this.server = HttpServer.create(address, 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
    }

    public void start() {
        server.start();
    }

    public void stop() {
        server.stop(0);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            switch (exchange.getRequestURI().getPath()) {
                case "/livez" -> Responses.text(exchange, 200, "ok");
                case "/readyz" -> {
                    PostgresState.ServerState state =
                            instance.status().postgres().state();
                    boolean ready = state == PostgresState.ServerState.RUNNING;
                    Responses.text(exchange, ready ? 200 : 503, ready ? "ok" : "PostgreSQL is " + state);
                }
                default -> Responses.text(exchange, 404, "not found");
            }
        }
    }
}
