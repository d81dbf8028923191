package io.pgmosaic.router.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;

import java.util.Set;

/**
 * The part of the interface that others than the application may ask: the kubelet reaches a pod at its address and not at
 * its loopback address, and so does Prometheus. Which servers there are is told to the application alone.
 */
public final class HealthApi implements Handler<HttpServerRequest> {
    private static final Set<String> PATHS = Set.of("/livez", "/healthz", "/readyz", "/metrics");

    private final RouterApi whole;

    public HealthApi(RouterApi whole) {
        this.whole = whole;
    }

    @Override
    public void handle(HttpServerRequest request) {
        String path = request.path();
        if (path != null && PATHS.contains(path)) {
            whole.handle(request);
        } else {
            Responses.problem(
                    request.response(),
                    Problem.of(
                            ProblemType.UNKNOWN_PATH,
                            "this port answers /livez, /readyz and /metrics; ask for servers on the router's own port, which"
                                    + " is open inside the pod"));
        }
    }
}
