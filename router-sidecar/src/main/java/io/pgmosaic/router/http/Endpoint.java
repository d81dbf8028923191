package io.pgmosaic.router.http;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a path does, by method; null for one that it does not take. */
record Endpoint(
        @Nullable Action get,
        @Nullable Action post,
        @Nullable Action put,
        @Nullable Action delete) {
    /** One that is only read, or posted to. */
    Endpoint(@Nullable Action get, @Nullable Action post) {
        this(get, post, null, null);
    }

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
        } else if (put != null && HttpMethod.PUT.equals(request.method())) {
            put.answer(request);
        } else if (delete != null && HttpMethod.DELETE.equals(request.method())) {
            delete.answer(request);
        } else {
            String methods = Stream.of(
                            get == null ? null : "GET",
                            post == null ? null : "POST",
                            put == null ? null : "PUT",
                            delete == null ? null : "DELETE")
                    .filter(Objects::nonNull)
                    .collect(Collectors.joining(", "));
            request.response().putHeader("Allow", methods);
            throw new ProblemException(Problem.of(ProblemType.WRONG_METHOD, "this path takes " + methods));
        }
    }
}
