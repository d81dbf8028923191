package io.pgmosaic.operator.instance;

import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.protocol.Json;
import io.pgmosaic.protocol.instance.InstanceCommand;
import io.pgmosaic.protocol.instance.InstanceStatus;
import io.pgmosaic.protocol.instance.Refusal;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The real client, over the kept-alive connections of {@link InstanceTrust}. */
public final class HttpInstanceClient implements InstanceClient, AutoCloseable {
    private static final Duration STATUS_TIMEOUT = Duration.ofSeconds(2);
    /** Long enough for a reload to take effect; what takes longer answers that it has begun. */
    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(10);

    /** Makes sure that a cluster's instances can be talked to. */
    public interface TrustLoader {
        void ensure(ClusterKey cluster) throws IOException;
    }

    /** The instance gives up after two minutes, and says so. */
    private static final Duration SCHEMA_TIMEOUT = Duration.ofSeconds(150);

    /** The shards' record. */
    public interface RecordedCommands {
        /**
         * Whether the record, read after this was called, leads to the command.
         *
         * @throws IOException when it cannot be read
         */
        boolean backs(InstanceCommand command) throws IOException;
    }

    private final InstanceTrust trust;
    private final TrustLoader loader;
    private final RecordedCommands recorded;

    public HttpInstanceClient(InstanceTrust trust, TrustLoader loader, RecordedCommands recorded) {
        this.trust = trust;
        this.loader = loader;
        this.recorded = recorded;
    }

    @Override
    public InstanceStatus status(InstanceEndpoint endpoint, StatusRequest request)
            throws InstanceUnreachableException, InterruptedException {
        HttpResponse<byte[]> response = exchange(
                endpoint,
                request(endpoint, "status" + request.query()).GET(),
                STATUS_TIMEOUT.plusMillis(request.waitMillis()));
        if (response.statusCode() != 200) {
            throw unexpected(endpoint, response);
        }
        try {
            return Json.read(response.body(), InstanceStatus.class);
        } catch (IOException e) {
            throw new InstanceUnreachableException(endpoint.instance() + " sent a status that cannot be read", e);
        }
    }

    /**
     * The schema of a database as SQL.
     *
     * @param role with whose power it is read
     * @param section {@code pre-data} or {@code post-data}
     * @throws InstanceUnreachableException also when the instance cannot tell it; the message says why
     */
    public String schema(InstanceEndpoint endpoint, String database, String role, String section)
            throws InstanceUnreachableException, InterruptedException {
        String query = "schema?database=" + escaped(database) + "&role=" + escaped(role) + "&section=" + section;
        HttpResponse<byte[]> response =
                exchange(endpoint, request(endpoint, query).GET(), SCHEMA_TIMEOUT);
        if (response.statusCode() != 200) {
            throw unexpected(endpoint, response);
        }
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    private static String escaped(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    @Override
    public CommandOutcome send(InstanceEndpoint endpoint, InstanceCommand command)
            throws InstanceUnreachableException, InterruptedException {
        CommandOutcome outcome = post(endpoint, command, command.path());
        if (!(outcome instanceof CommandOutcome.Refused refused)
                || refused.refusal().reason() != Refusal.Reason.NO_PROMISE
                || refused.refusal().challenge() == null) {
            return outcome;
        }
        try {
            return recorded.backs(command)
                    ? post(
                            endpoint,
                            command,
                            command.path() + "?challenge="
                                    + escaped(refused.refusal().challenge()))
                    : outcome;
        } catch (IOException e) {
            throw new InstanceUnreachableException(
                    endpoint.instance() + " has promised nothing, and whether it may be told so is not known", e);
        }
    }

    private CommandOutcome post(InstanceEndpoint endpoint, InstanceCommand command, String path)
            throws InstanceUnreachableException, InterruptedException {
        HttpResponse<byte[]> response = exchange(
                endpoint,
                request(endpoint, path)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(Json.write(command))),
                COMMAND_TIMEOUT);
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

    private static HttpRequest.Builder request(InstanceEndpoint endpoint, String path) {
        String host = endpoint.address().contains(":") ? "[" + endpoint.address() + "]" : endpoint.address();
        return HttpRequest.newBuilder(URI.create("https://" + host + ":" + endpoint.port() + "/v1/" + path));
    }

    private HttpResponse<byte[]> exchange(InstanceEndpoint endpoint, HttpRequest.Builder request, Duration timeout)
            throws InstanceUnreachableException, InterruptedException {
        try {
            loader.ensure(endpoint.cluster());
            return await(
                    trust.connectionsTo(endpoint).sendAsync(request.build(), HttpResponse.BodyHandlers.ofByteArray()),
                    timeout);
        } catch (IOException e) {
            throw new InstanceUnreachableException(
                    endpoint.instance() + " at " + endpoint.address() + ":" + endpoint.port() + ": " + reason(e),
                    e,
                    e instanceof ConnectException);
        }
    }

    /** The client's own time-out ends with the answer's headers; an instance may stop after them. */
    private static HttpResponse<byte[]> await(CompletableFuture<HttpResponse<byte[]>> answer, Duration timeout)
            throws IOException, InterruptedException {
        try {
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new HttpTimeoutException("no complete answer within " + timeout.toMillis() + " ms");
        } catch (InterruptedException e) {
            answer.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
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
        trust.closeConnections();
    }
}
