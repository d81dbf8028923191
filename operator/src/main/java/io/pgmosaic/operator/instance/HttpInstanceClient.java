package io.pgmosaic.operator.instance;

import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.protocol.Json;
import io.pgmosaic.protocol.instance.InstanceCommand;
import io.pgmosaic.protocol.instance.InstanceStatus;
import io.pgmosaic.protocol.instance.Refusal;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executors;

/** The real client: kept-alive HTTPS connections, one per instance. */
public final class HttpInstanceClient implements InstanceClient, AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration STATUS_TIMEOUT = Duration.ofSeconds(2);
    /** Long enough for a reload to take effect; what takes longer answers that it has begun. */
    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(10);

    /** Makes sure that a cluster's instances can be talked to. */
    public interface TrustLoader {
        void ensure(ClusterKey cluster) throws IOException;
    }

    private final InstanceTrust trust;
    private final TrustLoader loader;
    private final HttpClient http;

    public HttpInstanceClient(InstanceTrust trust, TrustLoader loader) {
        this.trust = trust;
        this.loader = loader;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIMEOUT)
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .sslContext(trust.context())
                .build();
    }

    @Override
    public InstanceStatus status(InstanceEndpoint endpoint) throws InstanceUnreachableException, InterruptedException {
        HttpResponse<byte[]> response =
                exchange(endpoint, request(endpoint, "status", STATUS_TIMEOUT).GET());
        if (response.statusCode() != 200) {
            throw unexpected(endpoint, response);
        }
        try {
            return Json.read(response.body(), InstanceStatus.class);
        } catch (IOException e) {
            throw new InstanceUnreachableException(endpoint.instance() + " sent a status that cannot be read", e);
        }
    }

    @Override
    public CommandOutcome send(InstanceEndpoint endpoint, InstanceCommand command)
            throws InstanceUnreachableException, InterruptedException {
        HttpResponse<byte[]> response = exchange(
                endpoint,
                request(endpoint, command.path(), COMMAND_TIMEOUT)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(Json.write(command))));
        return switch (response.statusCode()) {
            case 200 -> new CommandOutcome.Done();
            case 202 -> new CommandOutcome.Begun();
            case 409 -> {
                try {
                    yield new CommandOutcome.Refused(Json.read(response.body(), Refusal.class));
                } catch (IOException e) {
                    throw new InstanceUnreachableException(
                            endpoint.instance() + " sent a refusal that cannot be read", e);
                }
            }
            default -> throw unexpected(endpoint, response);
        };
    }

    private static HttpRequest.Builder request(InstanceEndpoint endpoint, String path, Duration timeout) {
        String host = endpoint.address().contains(":") ? "[" + endpoint.address() + "]" : endpoint.address();
        return HttpRequest.newBuilder(URI.create("https://" + host + ":" + endpoint.port() + "/v1/" + path))
                .timeout(timeout);
    }

    private HttpResponse<byte[]> exchange(InstanceEndpoint endpoint, HttpRequest.Builder request)
            throws InstanceUnreachableException, InterruptedException {
        try {
            loader.ensure(endpoint.cluster());
            trust.setPeer(endpoint);
            return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new InstanceUnreachableException(
                    endpoint.instance() + " at " + endpoint.address() + ":" + endpoint.port() + ": " + reason(e), e);
        }
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private static InstanceUnreachableException unexpected(InstanceEndpoint endpoint, HttpResponse<byte[]> response) {
        String body = new String(response.body(), StandardCharsets.UTF_8);
        return new InstanceUnreachableException(
                endpoint.instance() + " answered " + response.statusCode() + ": "
                        + body.substring(0, Math.min(body.length(), 300)),
                null);
    }

    @Override
    public void close() {
        http.close();
    }
}
