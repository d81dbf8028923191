package io.pgmosaic.router.topology;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgmosaic.protocol.Json;
import io.pgmosaic.protocol.MalformedJsonException;
import io.pgmosaic.protocol.topology.MachineIdGrant;
import io.pgmosaic.protocol.topology.MachineIdRequest;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;

import java.net.URI;

/** Asks one operator for a machine number. The secret is read each time, so that a rotated one is picked up. */
public final class MachineIdCall {
    private static final long ANSWER_MILLIS = 10_000;

    private final Vertx vertx;
    private final StreamSettings settings;

    public MachineIdCall(Vertx vertx, StreamSettings settings) {
        this.vertx = vertx;
        this.settings = settings;
    }

    /** Fails with a message for a person when there is no number, or no answer within {@value #ANSWER_MILLIS} ms. */
    public Future<MachineIdGrant> ask(URI url, MachineIdRequest request) {
        return vertx.executeBlocking(() -> RouterSecret.read(settings.secretDirectory()))
                .compose(secret -> {
                    HttpClient client = OperatorClient.create(vertx, secret);
                    return client.request(OperatorClient.request(
                                            HttpMethod.POST, url, settings.path(url) + "/machine-ids", secret)
                                    .setTimeout(ANSWER_MILLIS)
                                    .addHeader("Content-Type", "application/json"))
                            .compose(call -> call.send(Buffer.buffer(Json.write(request))))
                            .compose(answer -> answer.body().map(body -> grant(answer, body)))
                            .eventually(client::close);
                });
    }

    private static MachineIdGrant grant(HttpClientResponse answer, Buffer body) {
        try {
            if (answer.statusCode() == 200) {
                return Json.read(body.getBytes(), MachineIdGrant.class);
            }
            String detail =
                    Json.read(body.getBytes(), JsonNode.class).path("detail").asText("");
            throw new IllegalStateException(answer.statusCode() + ": " + detail);
        } catch (MalformedJsonException notOurs) {
            throw new IllegalStateException(
                    "status " + answer.statusCode() + " with a body that is no answer", notOurs);
        }
    }
}
