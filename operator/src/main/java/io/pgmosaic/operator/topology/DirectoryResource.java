package io.pgmosaic.operator.topology;

import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.directory.DirectoryRefusal;
import io.pgmosaic.protocol.Json;
import io.pgmosaic.protocol.MalformedJsonException;
import io.pgmosaic.protocol.topology.DirectoryChange;
import io.pgmosaic.protocol.topology.DirectoryResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import java.util.concurrent.CompletableFuture;

/** Changes directories for those who may. */
final class DirectoryResource {
    private static final Logger LOG = Logger.getLogger(DirectoryResource.class);
    private static final int MAX_BODY_BYTES = 1 << 20;

    private final Vertx vertx;
    private final TopologyServer.Directory directory;

    DirectoryResource(Vertx vertx, TopologyServer.Directory directory) {
        this.vertx = vertx;
        this.directory = directory;
    }

    void answer(ClusterKey cluster, HttpServerRequest request) {
        Buffer body = Buffer.buffer();
        request.handler(part -> {
            if (body.length() <= MAX_BODY_BYTES) {
                body.appendBuffer(part);
            }
        });
        request.endHandler(end -> change(cluster, body, request.response()));
    }

    private void change(ClusterKey cluster, Buffer body, HttpServerResponse response) {
        if (body.length() > MAX_BODY_BYTES) {
            TopologyServer.refuse(
                    response, 413, "Content Too Large", "a request has at most " + MAX_BODY_BYTES + " bytes");
            return;
        }
        CompletableFuture<DirectoryResult> changing;
        try {
            changing = directory.change(cluster, Json.read(body.getBytes(), DirectoryChange.class));
        } catch (MalformedJsonException e) {
            TopologyServer.refuse(response, 400, "Bad Request", String.valueOf(e.getMessage()));
            return;
        }
        Future.fromCompletionStage(changing, vertx.getOrCreateContext())
                .onComplete(answer -> tell(response, answer.result(), answer.cause()));
    }

    private static void tell(
            HttpServerResponse response, @Nullable DirectoryResult result, @Nullable Throwable failure) {
        if (response.closed()) {
            return;
        }
        if (result != null) {
            response.putHeader(HttpHeaders.CONTENT_TYPE, "application/json").end(Buffer.buffer(Json.write(result)));
        } else if (failure instanceof DirectoryRefusal refusal) {
            TopologyServer.refuse(
                    response, refusal.status(), "The directory was not changed", String.valueOf(refusal.getMessage()));
        } else {
            LOG.warn("a directory could not be changed", failure);
            TopologyServer.refuse(
                    response,
                    503,
                    "Service Unavailable",
                    "the directory could not be changed; the operator's log says why");
        }
    }
}
