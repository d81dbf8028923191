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
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;

import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Has an operator change a directory, as whom this router's token names. The secret is read each time.
 *
 * <p>One operator is asked, and another only where it is sure that the one before did nothing: it could not be reached, or says so.
 * A change that was done and is sent again later would undo what another client asked for in between.
 */
public final class DirectoryCall {
    private static final long REACHED_MILLIS = 5_000;

    /** Its own time, and some for the way there and back. */
    private static final long ANSWER_MILLIS =
            DirectoryChange.ANSWERED_WITHIN.plusSeconds(5).toMillis();

    private final Vertx vertx;
    private final StreamSettings settings;

    /** What an operator answered instead of a result; nothing was changed. */
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

    /** The operator did nothing, and another one may do it. */
    private static final class ElsewhereException extends Exception {
        private static final long serialVersionUID = 1L;

        ElsewhereException(String detail) {
            super(detail, null, false, false);
        }
    }

    public DirectoryCall(Vertx vertx, StreamSettings settings) {
        this.vertx = vertx;
        this.settings = settings;
    }

    /**
     * When an operator was asked and does not say what it did, all entries are {@code PENDING}.
     *
     * @return fails with a {@link RefusedException}, of status 503 when no operator takes it, and 413 when it is too long for one
     */
    public Future<DirectoryResult> change(DirectoryChange change) {
        Buffer body = Buffer.buffer(Json.write(change));
        if (body.length() > DirectoryChange.MOST_BYTES) {
            return Future.failedFuture(new RefusedException(
                    413,
                    "the change has " + body.length() + " bytes, and an operator takes " + DirectoryChange.MOST_BYTES
                            + ": split the entries over several requests"));
        }
        List<URI> urls = new ArrayList<>(settings.urls());
        Collections.shuffle(urls);
        return vertx.executeBlocking(() -> RouterSecret.read(settings.secretDirectory()))
                .recover(cause -> Future.failedFuture(new RefusedException(503, String.valueOf(cause.getMessage()))))
                .compose(secret -> change(change, body, secret, urls, "no operator is known"));
    }

    private Future<DirectoryResult> change(
            DirectoryChange change, Buffer body, RouterSecret secret, List<URI> urls, String lastFailure) {
        if (urls.isEmpty()) {
            return Future.failedFuture(
                    new RefusedException(503, "no operator does it now, and nothing was changed: " + lastFailure));
        }
        URI url = urls.removeFirst();
        HttpClient client = OperatorClient.create(vertx, secret);
        return client.request(OperatorClient.request(HttpMethod.POST, url, settings.path(url) + "/directory", secret)
                        .setConnectTimeout(REACHED_MILLIS)
                        .setIdleTimeout(ANSWER_MILLIS)
                        .addHeader(HttpHeaders.CONTENT_TYPE, "application/json"))
                .recover(cause -> Future.failedFuture(new ElsewhereException(String.valueOf(cause.getMessage()))))
                .compose(call -> sent(call, change, body))
                .eventually(client::close)
                .recover(cause -> cause instanceof ElsewhereException
                        ? change(change, body, secret, urls, String.valueOf(cause.getMessage()))
                        : Future.failedFuture(cause));
    }

    private static Future<DirectoryResult> sent(HttpClientRequest call, DirectoryChange change, Buffer body) {
        return call.send(body)
                .compose(answer -> answer.body().compose(text -> result(answer, text, change)))
                .recover(cause -> cause instanceof ElsewhereException || cause instanceof RefusedException
                        ? Future.failedFuture(cause)
                        : Future.succeededFuture(unknown(change, String.valueOf(cause.getMessage()))));
    }

    private static Future<DirectoryResult> result(HttpClientResponse answer, Buffer body, DirectoryChange change) {
        int status = answer.statusCode();
        try {
            if (status == 200) {
                DirectoryResult result = Json.read(body.getBytes(), DirectoryResult.class);
                int told = result.results().size();
                return Future.succeededFuture(
                        told == change.entries().size()
                                ? result
                                : unknown(change, "it tells what came of " + told + " entries"));
            }
            String detail =
                    Json.read(body.getBytes(), JsonNode.class).path("detail").asText("");
            if (status == 503 && answer.getHeader(HttpHeaders.RETRY_AFTER) != null) {
                return Future.failedFuture(new ElsewhereException(detail));
            }
            return status >= 400 && status < 500
                    ? Future.failedFuture(new RefusedException(status, detail))
                    : Future.succeededFuture(unknown(change, "status " + status + ", " + detail));
        } catch (MalformedJsonException notOurs) {
            return Future.succeededFuture(unknown(change, "status " + status + " and what is no answer"));
        }
    }

    private static DirectoryResult unknown(DirectoryChange change, String why) {
        return new DirectoryResult(Collections.nCopies(
                change.entries().size(),
                new DirectoryResult.Item(
                        DirectoryResult.Outcome.PENDING,
                        "an operator was asked and does not say what it did (" + why
                                + "): it may have been done; ask with GET")));
    }
}
