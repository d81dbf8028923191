package io.pgmosaic.router.http;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;

/** Answers with what takes milliseconds, in which an event loop has other lookups to answer; so many at a time and no more. */
final class LengthyWork {
    private final Vertx vertx;
    private final Semaphore places;
    private final BiConsumer<HttpServerResponse, Throwable> failed;

    /** What is answered to a body. */
    interface Work {
        Buffer of(byte[] body) throws ProblemException;
    }

    /** @param most how many may be under way, those whose body is still coming included */
    LengthyWork(Vertx vertx, int most, BiConsumer<HttpServerResponse, Throwable> failed) {
        this.vertx = vertx;
        this.places = new Semaphore(most);
        this.failed = failed;
    }

    /**
     * @param advice for a body that is too large
     * @throws ProblemException when there are too many under way
     */
    void answer(HttpServerRequest request, Work work, String advice) throws ProblemException {
        if (!places.tryAcquire()) {
            throw new ProblemException(OverloadProblem.busy("as many batches under way as it takes"));
        }
        HttpServerResponse response = request.response();
        AtomicBoolean held = new AtomicBoolean(true);
        // Also when the client goes away in the middle of its body.
        response.endHandler(ended -> release(held)).closeHandler(closed -> release(held));
        RequestBody.read(
                request,
                body -> vertx.executeBlocking(() -> work.of(body), false)
                        .onSuccess(answer -> Responses.json(response, answer))
                        .onFailure(cause -> failed.accept(response, cause)),
                () -> Responses.problem(
                        response,
                        Problem.of(
                                ProblemType.TOO_LARGE,
                                "the body is larger than " + RequestBody.MAX_BYTES + " bytes; " + advice)));
    }

    private void release(AtomicBoolean held) {
        if (held.getAndSet(false)) {
            places.release();
        }
    }
}
