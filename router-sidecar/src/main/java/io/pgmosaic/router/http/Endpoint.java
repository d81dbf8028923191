package io.pgmosaic.router.http;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/** What a path does, by method; null for one that it does not take. */
record Endpoint(@Nullable Action get, @Nullable Action post) {
    /** Answers a request, now or later. */
    interface Action {
        /** @throws ProblemException as the answer */
        void answer(HttpServerRequest request) throws ProblemException;
    }

    void answer(HttpServerRequest request) throws ProblemException {
        if (get != null && HttpMethod.GET.equals(request.method())) {
            get.answer(request);
        } else if (post != null && HttpMethod.POST.equals(request.method())) {
            post.answer(request);
        } else {
            String methods = post == null ? "GET" : get == null ? "POST" : "GET, POST";
            request.response().putHeader("Allow", methods);
            throw new ProblemException(Problem.of(ProblemType.WRONG_METHOD, "this path takes " + methods));
        }
    }
}
