package io.pgmosaic.operator.topology;

import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.ids.UnavailableException;
import io.pgmosaic.protocol.Json;
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

/** Grants machine numbers to routers whose token was found good. */
final class MachineIdResource {
    private static final Logger LOG = Logger.getLogger(MachineIdResource.class);

    /** What a router asks is much shorter. */
    private static final int MAX_BODY_BYTES = 1 << 10;

    private final Vertx vertx;
    private final RequestBody body;
    private final TopologyServer.MachineIds machineIds;

    MachineIdResource(Vertx vertx, TopologyServer.MachineIds machineIds) {
        this.vertx = vertx;
        this.body = new RequestBody(vertx, MAX_BODY_BYTES);
        this.machineIds = machineIds;
    }

    void answer(ClusterKey cluster, HttpServerRequest request) {
        body.read(request, MachineIdRequest.class, asked -> Future.fromCompletionStage(
                        machineIds.ask(cluster, asked), vertx.getOrCreateContext())
                .onComplete(answer -> tell(request.response(), answer.result(), answer.cause())));
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
