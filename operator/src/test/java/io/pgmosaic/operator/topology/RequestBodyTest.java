package io.pgmosaic.operator.topology;

import io.pgmosaic.protocol.topology.MachineIdRequest;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

@Timeout(60)
class RequestBodyTest {
    private final Vertx vertx = Vertx.vertx();
    private HttpServer server;

    @BeforeEach
    void listen() {
        RequestBody body = new RequestBody(vertx, 100, Duration.ofMillis(300));
        server = vertx.createHttpServer()
                .requestHandler(request -> body.read(request, MachineIdRequest.class, asked -> request.response()
                        .end(asked.holder())))
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    /** Sends a head and a part of a body, and returns all that comes until the server closes the connection. */
    private String exchange(int length, String part) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.actualPort())) {
            socket.getOutputStream()
                    .write(("POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: " + length + "\r\n\r\n"
                                    + part)
                            .getBytes(UTF_8));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    @Test
    void closesTheConnectionOfABodyThatDoesNotCome() throws IOException {
        assertThat(exchange(100, "{")).startsWith("HTTP/1.1 408").contains("did not come within 300 ms");
    }

    @Test
    void readsWhatComes() throws IOException {
        String body = "{\"holder\":\"one-process-of-a-router\"}";
        assertThat(exchange(body.length(), body)).startsWith("HTTP/1.1 200").endsWith("one-process-of-a-router");
        assertThat(exchange(1, "{")).startsWith("HTTP/1.1 400");
        assertThat(exchange(101, " ".repeat(101))).startsWith("HTTP/1.1 413");
    }
}
