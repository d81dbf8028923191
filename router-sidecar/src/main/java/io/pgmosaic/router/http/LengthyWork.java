package io.pgmosaic.router.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import org.jspecify.annotations.Nullable;

import java.util.concurrent.Callable;
import java.util.function.BiConsumer;

/**
 * Answers with what takes milliseconds, in which an event loop has other lookups to answer; so many at a time and no more. It has
 * threads of its own: the router's others read secrets and log in to shards, which must not wait for a batch.
 */
final class LengthyWork {
    private static final int THREADS = 2;

    private final WorkerExecutor workers;
    private final Places places;
    private final BiConsumer<HttpServerResponse, Throwable> failed;

    /** What is answered to a body. */
    interface Work {
        /** Computes, and does not wait for anybody: what it has to wait for comes before the future's answer. */
        Future<Buffer> of(byte[] body) throws ProblemException;
    }

    /** @param most how many may be under way, those whose body is still coming included */
    LengthyWork(Vertx vertx, int most, BiConsumer<HttpServerResponse, Throwable> failed) {
        this.workers = vertx.createSharedWorkerExecutor("pgmosaic-lengthy", THREADS);
        this.places = new Places(most, "as many batches under way as it takes");
        this.failed = failed;
    }

    /**
     * @param advice for a body that is too large
     * @throws ProblemException when there are too many under way
     */
    void answer(HttpServerRequest request, Work work, String advice) throws ProblemException {
        HttpServerResponse response = request.response();
        Places.Place place = places.take(response);
        RequestBody.read(
                request,
                body -> {
                    place.holdUntilReleased();
                    compute(() -> work.of(body)).onComplete(answer -> {
                        place.release();
                        tell(response, answer.result(), answer.cause());
                    });
                },
                () -> Responses.problem(
                        response,
                        Problem.of(
                                ProblemType.TOO_LARGE,
                                "the body is larger than " + RequestBody.MAX_BYTES + " bytes; " + advice)));
    }

    /** Computes on a thread that may take its time. */
    <T> Future<T> compute(Callable<Future<T>> work) {
        return workers.executeBlocking(work, false).compose(computed -> computed);
    }

    private void tell(HttpServerResponse response, @Nullable Buffer answer, @Nullable Throwable failure) {
        if (response.closed()) {
            return;
        }
        if (answer != null) {
            Responses.json(response, answer);
        } else if (failure != null) {
            failed.accept(response, failure);
        }
    }
}
