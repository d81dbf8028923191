package io.pgmosaic.operator.admission;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.admission.v1.AdmissionResponse;
import io.fabric8.kubernetes.api.model.admission.v1.AdmissionReview;
import io.pgmosaic.operator.https.HttpsServer;
import io.pgmosaic.operator.pki.CertifiedKey;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import org.jboss.logging.Logger;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Takes AdmissionReviews (admission.k8s.io/v1) over HTTPS. It does not ask who is calling: what it answers follows from what
 * the caller sends and holds nothing that is secret. So it bounds what callers together can make it hold and do.
 */
public final class AdmissionServer implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(AdmissionServer.class);
    private static final Duration IDLE = Duration.ofMinutes(2);

    /** An API server takes objects of up to 3 MiB, and sends the one that was with the one that is to be. */
    private static final int LONGEST_REVIEW = 8 << 20;

    /** Bytes of all reviews that are being received or answered. */
    private static final int MOST_HELD = 24 << 20;

    private static final int WORKERS = 4;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, Webhook> webhooks;
    private final HttpsServer server;
    private final WorkerExecutor workers;
    private final AtomicInteger held = new AtomicInteger();

    /**
     * @param webhooks by path
     */
    public AdmissionServer(Vertx vertx, Map<String, Webhook> webhooks, CertifiedKey certificate) {
        this.webhooks = Map.copyOf(webhooks);
        this.workers = vertx.createSharedWorkerExecutor("admission", WORKERS);
        this.server = new HttpsServer(vertx, "the port of the webhooks", IDLE, certificate, this::handle);
    }

    /** Listens; port 0 takes a free one. Returns the port, or throws when it cannot be had. */
    public int listen(String host, int port) {
        return server.listen(host, port);
    }

    /** New connections get the new certificate; those that exist stay. */
    public void replaceCertificate(CertifiedKey certificate) {
        server.replaceCertificate(certificate);
    }

    private void handle(HttpServerRequest request) {
        Webhook webhook = webhooks.get(request.path());
        if (webhook == null) {
            refuse(request.response(), 404, "no webhook is here");
        } else if (!request.method().name().equals("POST")) {
            refuse(request.response(), 405, "post an AdmissionReview");
        } else {
            read(request, webhook);
        }
    }

    private void read(HttpServerRequest request, Webhook webhook) {
        Buffer body = Buffer.buffer();
        AtomicInteger own = new AtomicInteger();
        request.response().endHandler(end -> held.addAndGet(-own.getAndSet(0)));
        request.response().closeHandler(end -> held.addAndGet(-own.getAndSet(0)));
        request.handler(part -> {
            if (request.response().ended()) {
                return;
            }
            own.addAndGet(part.length());
            if (held.addAndGet(part.length()) > MOST_HELD) {
                refuse(request.response(), 503, "too many reviews at a time");
            } else if (body.length() + part.length() > LONGEST_REVIEW) {
                refuse(request.response(), 413, "an AdmissionReview has at most " + LONGEST_REVIEW + " bytes");
            } else {
                body.appendBuffer(part);
            }
        });
        request.endHandler(end -> {
            if (!request.response().ended()) {
                workers.executeBlocking(() -> answer(webhook, body.getBytes()), false)
                        .onSuccess(answer -> request.response()
                                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                                .end(Buffer.buffer(answer)))
                        .onFailure(cause -> failed(request.response(), cause));
            }
        });
    }

    private static void failed(HttpServerResponse response, Throwable cause) {
        if (cause instanceof NotAReview) {
            refuse(response, 400, String.valueOf(cause.getMessage()));
        } else {
            LOG.error("an AdmissionReview cannot be answered", cause);
            refuse(response, 500, "the operator failed; its log says why");
        }
    }

    private static byte[] answer(Webhook webhook, byte[] body) throws IOException {
        JsonNode request = request(body);
        AdmissionResponse response = answer(webhook, request);
        response.setUid(request.get("uid").asText());
        AdmissionReview review = new AdmissionReview();
        review.setResponse(response);
        return JSON.writeValueAsBytes(review);
    }

    private static JsonNode request(byte[] body) throws IOException {
        try {
            JsonNode review = JSON.readTree(body);
            if (review.path("apiVersion").asText().equals(new AdmissionReview().getApiVersion())
                    && review.at("/request/uid").isTextual()) {
                return review.get("request");
            }
        } catch (JsonProcessingException e) {
            throw new NotAReview("this is no JSON", e);
        }
        throw new NotAReview("this is no AdmissionReview of " + new AdmissionReview().getApiVersion(), null);
    }

    /** A defect must not keep anything out. */
    private static AdmissionResponse answer(Webhook webhook, JsonNode request) {
        try {
            return webhook.answer(request);
        } catch (RuntimeException e) {
            LOG.error("a webhook failed", e);
            AdmissionResponse unchanged = new AdmissionResponse();
            unchanged.setAllowed(true);
            unchanged.setWarnings(List.of("the PgMosaic operator could not look at this; its log says why"));
            return unchanged;
        }
    }

    private static void refuse(HttpServerResponse response, int status, String message) {
        response.setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; charset=utf-8")
                .end(message);
    }

    private static final class NotAReview extends IOException {
        private static final long serialVersionUID = 1L;

        NotAReview(String message, @org.jspecify.annotations.Nullable Throwable cause) {
            super(message, cause);
        }
    }

    @Override
    public void close() {
        server.close();
        workers.close();
    }
}
