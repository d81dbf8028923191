package io.pgmosaic.router.topology;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgmosaic.protocol.Json;
import io.pgmosaic.protocol.MalformedJsonException;
import io.pgmosaic.protocol.topology.DirectoryChange;
import io.pgmosaic.protocol.topology.DirectoryResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;

import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Has an operator change a directory, as whom this router's token names. The secret is read each time. */
public final class DirectoryCall {
    /** An operator waits for transactions for as long as a spec can have it, and some more. */
    private static final long ANSWER_MILLIS = 90_000;

    private final Vertx vertx;
    private final StreamSettings settings;

    /** What an operator answered instead of a result. */
    public static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        private final int status;

        RefusedException(int status, String detail) {
            super(detail, null, false, false);
            this.status = status;
        }

        public int status() {
            return status;
        }
    }

    public DirectoryCall(Vertx vertx, StreamSettings settings) {
        this.vertx = vertx;
        this.settings = settings;
    }

    /** Fails with a {@link RefusedException}, of status 503 when no operator answers. */
    public Future<DirectoryResult> change(DirectoryChange change) {
        List<URI> urls = new ArrayList<>(settings.urls());
        Collections.shuffle(urls);
        return vertx.executeBlocking(() -> RouterSecret.read(settings.secretDirectory()))
                .compose(secret -> change(change, secret, urls, "no operator is known"))
                .recover(cause -> Future.failedFuture(
                        cause instanceof RefusedException
                                ? cause
                                : new RefusedException(503, String.valueOf(cause.getMessage()))));
    }

    private Future<DirectoryResult> change(
            DirectoryChange change, RouterSecret secret, List<URI> urls, String lastFailure) {
        if (urls.isEmpty()) {
            return Future.failedFuture(new RefusedException(503, "no operator answers: " + lastFailure));
        }
        URI url = urls.removeFirst();
        HttpClient client = OperatorClient.create(vertx, secret);
        // Only one that could not be reached is passed over: another may have begun, and the same change is no harm
        // twice.
        return client.request(OperatorClient.request(HttpMethod.POST, url, settings.path(url) + "/directory", secret)
                        .setTimeout(ANSWER_MILLIS)
                        .addHeader("Content-Type", "application/json"))
                .compose(call -> call.send(Buffer.buffer(Json.write(change))))
                .compose(answer -> answer.body().compose(body -> result(answer, body)))
                .eventually(client::close)
                .recover(cause -> cause instanceof RefusedException
                        ? Future.failedFuture(cause)
                        : change(change, secret, urls, String.valueOf(cause.getMessage())));
    }

    private static Future<DirectoryResult> result(HttpClientResponse answer, Buffer body) {
        try {
            if (answer.statusCode() == 200) {
                return Future.succeededFuture(Json.read(body.getBytes(), DirectoryResult.class));
            }
            String detail =
                    Json.read(body.getBytes(), JsonNode.class).path("detail").asText("");
            return Future.failedFuture(new RefusedException(answer.statusCode(), detail));
        } catch (MalformedJsonException notOurs) {
            return Future.failedFuture(new RefusedException(
                    502, "the operator answered with status " + answer.statusCode() + " and what is no answer"));
        }
    }
}
