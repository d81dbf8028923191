package io.pgmosaic.operator.topology;

import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.ids.UnavailableException;
import io.pgmosaic.protocol.Json;
import io.pgmosaic.protocol.MalformedJsonException;
import io.pgmosaic.protocol.topology.MachineIdGrant;
import io.pgmosaic.protocol.topology.MachineIdRequest;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import java.util.concurrent.CompletableFuture;

/** Grants machine numbers to routers whose token was found good. */
final class MachineIdResource {
    private static final Logger LOG = Logger.getLogger(MachineIdResource.class);

    /** What a router asks is much shorter. */
    private static final int MAX_BODY_BYTES = 1 << 10;

    private final Vertx vertx;
    private final TopologyServer.MachineIds machineIds;

    MachineIdResource(Vertx vertx, TopologyServer.MachineIds machineIds) {
        this.vertx = vertx;
        this.machineIds = machineIds;
    }

    void answer(ClusterKey cluster, HttpServerRequest request) {
        Buffer body = Buffer.buffer();
        request.handler(part -> {
            if (body.length() <= MAX_BODY_BYTES) {
                body.appendBuffer(part);
            }
        });
        request.endHandler(end -> grant(cluster, body, request.response()));
    }

    private void grant(ClusterKey cluster, Buffer body, HttpServerResponse response) {
        if (body.length() > MAX_BODY_BYTES) {
            TopologyServer.refuse(
                    response, 413, "Content Too Large", "a request has at most " + MAX_BODY_BYTES + " bytes");
            return;
        }
        CompletableFuture<MachineIdGrant> granting;
        try {
            granting = machineIds.ask(cluster, Json.read(body.getBytes(), MachineIdRequest.class));
        } catch (MalformedJsonException e) {
            TopologyServer.refuse(response, 400, "Bad Request", String.valueOf(e.getMessage()));
            return;
        }
        Future.fromCompletionStage(granting, vertx.getOrCreateContext())
                .onComplete(answer -> tell(response, answer.result(), answer.cause()));
    }

    private static void tell(HttpServerResponse response, @Nullable MachineIdGrant grant, @Nullable Throwable failure) {
        if (response.closed()) {
            return;
        }
        if (grant != null) {
            response.putHeader(HttpHeaders.CONTENT_TYPE, "application/json").end(Buffer.buffer(Json.write(grant)));
        } else if (failure instanceof UnavailableException) {
            TopologyServer.refuse(response, 503, "Service Unavailable", String.valueOf(failure.getMessage()));
        } else {
            LOG.debug("a machine number could not be granted", failure);
            TopologyServer.refuse(
                    response,
                    503,
                    "Service Unavailable",
                    "the Kubernetes API does not record machine numbers now; the operator's log says why");
        }
    }
}
