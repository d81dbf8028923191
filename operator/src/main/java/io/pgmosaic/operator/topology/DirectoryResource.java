package io.pgmosaic.operator.topology;

import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.directory.DirectoryRefusal;
import io.pgmosaic.protocol.Json;
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

import java.time.Duration;

/** Changes directories for those who may. */
final class DirectoryResource {
    private static final Logger LOG = Logger.getLogger(DirectoryResource.class);

    private final Vertx vertx;
    private final RequestBody body;
    private final TopologyServer.Directory directory;

    DirectoryResource(Vertx vertx, TopologyServer.Directory directory) {
        this.vertx = vertx;
        this.body = new RequestBody(vertx, DirectoryChange.MOST_BYTES);
        this.directory = directory;
    }

    /** @param came when the request did, by {@link System#nanoTime} */
    void answer(ClusterKey cluster, HttpServerRequest request, long came) {
        body.read(request, DirectoryChange.class, change -> {
            Duration within = DirectoryChange.ANSWERED_WITHIN.minusNanos(System.nanoTime() - came);
            Future.fromCompletionStage(directory.change(cluster, change, within), vertx.getOrCreateContext())
                    .onComplete(answer -> tell(request.response(), answer.result(), answer.cause()));
        });
    }

    private static void tell(
            HttpServerResponse response, @Nullable DirectoryResult result, @Nullable Throwable failure) {
        if (response.closed()) {
            return;
        }
        if (result != null) {
            response.putHeader(HttpHeaders.CONTENT_TYPE, "application/json").end(Buffer.buffer(Json.write(result)));
        } else if (failure instanceof DirectoryRefusal refusal && refusal.status() == 503) {
            TopologyServer.unavailable(response, 1, String.valueOf(refusal.getMessage()));
        } else if (failure instanceof DirectoryRefusal refusal) {
            TopologyServer.refuse(
                    response, refusal.status(), "The directory was not changed", String.valueOf(refusal.getMessage()));
        } else {
            LOG.warn("a directory could not be changed", failure);
            // Something may have been done: nobody is told to ask again.
            TopologyServer.refuse(
                    response,
                    503,
                    "Service Unavailable",
                    "the directory could not be changed; the operator's log says why");
        }
    }
}
