package io.pgmosaic.instance.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.pgmosaic.instance.command.Answer;
import io.pgmosaic.instance.command.Instance;
import io.pgmosaic.instance.postgres.SchemaDump;
import io.pgmosaic.instance.volume.UnreadableFileException;
import io.pgmosaic.protocol.Json;
import io.pgmosaic.protocol.MalformedJsonException;
import io.pgmosaic.protocol.instance.Heartbeat;
import io.pgmosaic.protocol.instance.InstanceCommand;
import io.pgmosaic.protocol.instance.InstanceIdentity;
import io.pgmosaic.protocol.instance.Refusal;

import javax.net.ssl.SSLParameters;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Commands, status and the schema of a database, for the operator alone; heartbeats, for the other instances of the shard alone. */
public final class CommandServer {
    private static final System.Logger LOG = System.getLogger(CommandServer.class.getName());
    private static final String HEARTBEAT = "/v1/heartbeat";
    private static final String SCHEMA = "/v1/schema";
    private static final int LONGEST_HEARTBEAT = 16 * 1024;
    private static final int LONGEST_BODY = 4 * 1024 * 1024;
    private static final Map<String, Class<? extends InstanceCommand>> COMMANDS = Map.of(
            "/v1/bootstrap", InstanceCommand.Bootstrap.class,
            "/v1/follow", InstanceCommand.Follow.class,
            "/v1/resume", InstanceCommand.Resume.class,
            "/v1/configure", InstanceCommand.Configure.class,
            "/v1/revoke", InstanceCommand.Revoke.class,
            "/v1/promote", InstanceCommand.Promote.class,
            "/v1/open", InstanceCommand.Open.class,
            "/v1/close", InstanceCommand.Close.class,
            "/v1/stop", InstanceCommand.Stop.class);

    private final Instance instance;
    private final SchemaResource schemas;
    private final String service;
    private final Executor threads;
    private final HttpsServer server;

    /** Binds the address; answers once {@link #start} is called. */
    public CommandServer(
            InetSocketAddress address,
            ReloadingTls tls,
            InstanceIdentity identity,
            Instance instance,
            SchemaDump dump,
            Executor threads)
            throws IOException, GeneralSecurityException {
        this.instance = instance;
        this.schemas = new SchemaResource(dump);
        this.service = ShardCertificate.service(identity);
        this.threads = threads;
        this.server = HttpsServer.create(address, 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls.context()) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters ssl = getSSLContext().getDefaultSSLParameters();
                ssl.setNeedClientAuth(true);
                parameters.setSSLParameters(ssl);
            }
        });
        server.setExecutor(threads);
        server.createContext("/", this::handle);
    }

    public void start() {
        server.start();
    }

    public void stop() {
        server.stop(0);
    }

    private void handle(HttpExchange exchange) throws IOException {
        boolean answered = true;
        try {
            Optional<String> stranger = stranger((HttpsExchange) exchange);
            if (stranger.isPresent()) {
                Responses.problem(exchange, 403, "Forbidden", stranger.get());
            } else {
                answered = route(exchange);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "request failed", e);
            throw e;
        } finally {
            if (answered) {
                exchange.close();
            }
        }
    }

    private Optional<String> stranger(HttpsExchange exchange) throws IOException {
        if (!(exchange.getSSLSession().getPeerCertificates()[0] instanceof X509Certificate certificate)) {
            return Optional.of("the client certificate is no X.509 certificate");
        }
        return exchange.getRequestURI().getPath().equals(HEARTBEAT)
                ? ShardCertificate.complaint(certificate, service)
                : OperatorCertificate.complaint(certificate);
    }

    /** @return false when the answer comes later, from another thread */
    private boolean route(HttpExchange exchange) throws IOException, InterruptedException {
        String path = exchange.getRequestURI().getPath();
        String method = exchange.getRequestMethod();
        boolean status = path.equals("/v1/status");
        boolean schema = path.equals(SCHEMA);
        boolean heartbeat = path.equals(HEARTBEAT);
        Class<? extends InstanceCommand> command = COMMANDS.get(path);
        String allowed = status || schema ? "GET" : "POST";
        if (!status && !schema && !heartbeat && command == null) {
            Responses.problem(exchange, 404, "Not found", "there is no " + path);
        } else if (!method.equals(allowed)) {
            exchange.getResponseHeaders().set("Allow", allowed);
            Responses.problem(exchange, 405, "Method not allowed", method + " is not for " + path);
        } else if (heartbeat) {
            heartbeat(exchange);
        } else if (schema) {
            schemas.answer(exchange);
        } else if (command == null) {
            return status(exchange);
        } else {
            execute(exchange, command);
        }
        return true;
    }

    /** Who waits for a change keeps a connection, and no thread. */
    private boolean status(HttpExchange exchange) throws IOException {
        StatusQuery query;
        try {
            query = StatusQuery.of(exchange.getRequestURI());
        } catch (IllegalArgumentException e) {
            Responses.problem(exchange, 400, "Bad request", String.valueOf(e.getMessage()));
            return true;
        }
        if (query.term() != null && query.token() != null) {
            instance.confirm(query.term(), query.token());
        }
        CompletableFuture<Void> change = instance.changeAfter(query.seen(), query.patience());
        if (change.isDone()) {
            Responses.json(exchange, 200, instance.status());
            return true;
        }
        CompletableFuture<Void> unused = change.thenRunAsync(() -> answerLater(exchange), threads);
        return false;
    }

    private void answerLater(HttpExchange exchange) {
        try (exchange) {
            Responses.json(exchange, 200, instance.status());
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "who waited for a change has gone: {0}", e.getMessage());
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "request failed", e);
        }
    }

    private void heartbeat(HttpExchange exchange) throws IOException {
        Heartbeat heartbeat;
        try {
            heartbeat = Json.read(exchange.getRequestBody().readNBytes(LONGEST_HEARTBEAT), Heartbeat.class);
        } catch (MalformedJsonException e) {
            Responses.problem(exchange, 400, "Bad request", String.valueOf(e.getMessage()));
            return;
        }
        Optional<String> complaint = heartbeat.from() == null
                ? Optional.of("the heartbeat does not say from whom")
                : instance.heartbeats().complaint(heartbeat);
        if (complaint.isPresent()) {
            Responses.problem(exchange, 403, "Forbidden", complaint.get());
            return;
        }
        try {
            Responses.json(exchange, 200, instance.heartbeats().take(heartbeat));
        } catch (UnreadableFileException e) {
            Responses.problem(exchange, 503, "The promise cannot be read", String.valueOf(e.getMessage()));
        }
    }

    private void execute(HttpExchange exchange, Class<? extends InstanceCommand> type)
            throws IOException, InterruptedException {
        byte[] body = exchange.getRequestBody().readNBytes(LONGEST_BODY + 1);
        if (body.length > LONGEST_BODY) {
            Responses.problem(exchange, 413, "Content too large", "a command has at most " + LONGEST_BODY + " bytes");
            return;
        }
        InstanceCommand command;
        String challenge;
        try {
            challenge = StatusQuery.values(exchange.getRequestURI()).get("challenge");
            command = Json.read(body, type);
        } catch (MalformedJsonException e) {
            long promised = instance.status().promisedTerm();
            Responses.json(
                    exchange, 409, new Refusal(Refusal.Reason.MALFORMED, String.valueOf(e.getMessage()), promised));
            return;
        }
        Answer answer;
        try {
            answer = instance.execute(command, challenge, patience(command));
        } catch (IOException e) {
            LOG.log(System.Logger.Level.ERROR, "cannot take a command", e);
            Responses.problem(exchange, 500, "The volume cannot be written", String.valueOf(e.getMessage()));
            return;
        }
        switch (answer) {
            case Answer.Done done -> Responses.json(exchange, 200, done.operation());
            case Answer.Begun begun -> Responses.json(exchange, 202, begun.operation());
            case Answer.Refused refused -> Responses.json(exchange, 409, refused.refusal());
        }
    }

    /** What takes a moment is answered when it is done; what can take hours when it has begun. */
    private static Duration patience(InstanceCommand command) {
        return switch (command) {
            case InstanceCommand.Configure configure -> Duration.ofSeconds(8);
            case InstanceCommand.Revoke revoke -> Duration.ofSeconds(8);
            case InstanceCommand.Promote promote -> Duration.ofSeconds(8);
            case InstanceCommand.Open open -> Duration.ofSeconds(8);
            case InstanceCommand.Close close -> Duration.ofSeconds(8);
            case InstanceCommand.Stop stop -> Duration.ofSeconds(2);
            case InstanceCommand.Follow follow -> Duration.ofMillis(500);
            case InstanceCommand.Bootstrap bootstrap -> Duration.ofMillis(500);
            case InstanceCommand.Resume resume -> Duration.ofMillis(500);
        };
    }
}
