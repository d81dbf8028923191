package io.pgmosaic.router.harness;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.pgmosaic.protocol.Json;
import io.pgmosaic.protocol.topology.ClusterTopology;
import io.pgmosaic.protocol.topology.DirectoryChange;
import io.pgmosaic.protocol.topology.MachineIdGrant;
import io.pgmosaic.protocol.topology.MachineIdRequest;
import io.pgmosaic.protocol.topology.TopologyEvent;
import org.jspecify.annotations.Nullable;

import javax.net.ssl.SSLContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Serves the topology stream as an operator does; sends exactly what it is told to, and nothing by itself. */
public final class FakeOperator implements AutoCloseable {
    /** What it says to whom it refuses. */
    public static final String REFUSAL = "grant the permission";

    private static final String NUMBERS = "/machine-ids";
    private static final String DIRECTORY = "/directory";
    private static final byte[] END = new byte[0];

    private final HttpsServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<BlockingQueue<byte[]>> streams = new CopyOnWriteArrayList<>();
    private final AtomicInteger refused = new AtomicInteger();
    private final Map<String, byte[]> resumptions = new ConcurrentHashMap<>();
    private final List<String> positions = new CopyOnWriteArrayList<>();
    private volatile int retryAfter;
    private volatile byte[] greeting = END;
    private volatile String token;
    private volatile String path;
    private final List<MachineIdRequest> numberRequests = new CopyOnWriteArrayList<>();
    private volatile @Nullable MachineIdGrant grant;
    private final List<DirectoryChange> changes = new CopyOnWriteArrayList<>();
    private volatile @Nullable ChangeAnswer changeAnswer;

    /**
     * What it answers to who wants a directory changed.
     *
     * @param retryAfter in seconds; null for none
     */
    public record ChangeAnswer(int status, @Nullable Integer retryAfter, Object body) {}

    public FakeOperator(SSLContext context, String token, String namespace, String cluster) {
        this.token = token;
        this.path = "/topology/v1/namespaces/" + namespace + "/clusters/" + cluster;
        try {
            server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext("/", this::serve);
        server.setExecutor(threads);
        server.start();
    }

    public URI url() {
        return URI.create("https://127.0.0.1:" + server.getAddress().getPort());
    }

    /** What each stream that is opened from now on begins with, and those that are open receive at once. */
    public void publish(ClusterTopology topology) {
        greeting = line(new TopologyEvent.Snapshot(topology));
        sendLine(greeting);
    }

    /** What each stream that is asked for with this position begins with, instead of what was published. */
    public void resume(String position, TopologyEvent... events) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (TopologyEvent event : events) {
            lines.writeBytes(line(event));
        }
        resumptions.put(position, lines.toByteArray());
    }

    /** The same with lines that need not be events. */
    public void resumeRaw(String position, String lines) {
        resumptions.put(position, lines.getBytes(UTF_8));
    }

    /** The positions that streams were asked for with, empty for none, in order. */
    public List<String> positions() {
        return positions;
    }

    /** Answers 503 from now on, asking to be left alone for so long; 0 to serve again. */
    public void sendAway(int seconds) {
        retryAfter = seconds;
    }

    public void send(TopologyEvent event) {
        sendLine(line(event));
    }

    public void sendRaw(String text) {
        sendLine(text.getBytes(UTF_8));
    }

    public void accept(String otherToken) {
        token = otherToken;
    }

    public int openStreams() {
        return streams.size();
    }

    /** How many requests had the wrong token or path. */
    public int refused() {
        return refused.get();
    }

    /** What routers that ask for a machine number are granted from now on; null for none. */
    public void grant(@Nullable MachineIdGrant number) {
        grant = number;
    }

    /** Those that asked for a machine number. */
    public List<MachineIdRequest> numberRequests() {
        return numberRequests;
    }

    /** How changes of directories are answered from now on; null to cut the connection off instead. */
    public void answerChanges(@Nullable ChangeAnswer answer) {
        changeAnswer = answer;
    }

    /** Those that were asked for. */
    public List<DirectoryChange> changes() {
        return changes;
    }

    /** Ends the open streams; new ones may come. */
    public void hangUp() {
        sendLine(END);
    }

    @Override
    public void close() {
        hangUp();
        server.stop(0);
        threads.shutdownNow();
    }

    private void sendLine(byte[] line) {
        streams.forEach(stream -> stream.add(line));
    }

    private void serve(HttpExchange exchange) throws IOException {
        int status = status(exchange);
        if (status != 200) {
            refused.incrementAndGet();
            if (status == 503) {
                exchange.getResponseHeaders().add("Retry-After", Integer.toString(retryAfter));
            }
            byte[] problem = ("{\"detail\":\"" + REFUSAL + "\"}").getBytes(UTF_8);
            exchange.sendResponseHeaders(status, problem.length);
            exchange.getResponseBody().write(problem);
            exchange.close();
            return;
        }
        if (exchange.getRequestURI().getPath().endsWith(NUMBERS)) {
            grantNumber(exchange);
            return;
        }
        if (exchange.getRequestURI().getPath().endsWith(DIRECTORY)) {
            change(exchange);
            return;
        }
        BlockingQueue<byte[]> lines = new LinkedBlockingQueue<>();
        String since = String.valueOf(exchange.getRequestURI().getQuery()).replaceFirst("since=", "");
        positions.add(since);
        streams.add(lines);
        byte[] first = resumptions.getOrDefault(since, greeting);
        if (first.length > 0) {
            lines.add(first);
        }
        exchange.getResponseHeaders().add("Content-Type", "application/x-ndjson");
        exchange.sendResponseHeaders(200, 0);
        try (exchange) {
            for (byte[] line = lines.take(); line.length > 0; line = lines.take()) {
                exchange.getResponseBody().write(line);
                exchange.getResponseBody().flush();
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        } finally {
            streams.remove(lines);
        }
    }

    private void grantNumber(HttpExchange exchange) throws IOException {
        try (exchange) {
            numberRequests.add(Json.read(exchange.getRequestBody().readAllBytes(), MachineIdRequest.class));
            MachineIdGrant number = grant;
            byte[] answer = number == null ? "{\"detail\":\"all are taken\"}".getBytes(UTF_8) : Json.write(number);
            exchange.sendResponseHeaders(number == null ? 503 : 200, answer.length);
            exchange.getResponseBody().write(answer);
        }
    }

    private void change(HttpExchange exchange) throws IOException {
        try (exchange) {
            changes.add(Json.read(exchange.getRequestBody().readAllBytes(), DirectoryChange.class));
            ChangeAnswer answer = changeAnswer;
            if (answer != null) {
                if (answer.retryAfter() != null) {
                    exchange.getResponseHeaders().add("Retry-After", Integer.toString(answer.retryAfter()));
                }
                byte[] body = Json.write(answer.body());
                exchange.sendResponseHeaders(answer.status(), body.length);
                exchange.getResponseBody().write(body);
            }
        }
    }

    private int status(HttpExchange exchange) {
        String asked = exchange.getRequestURI().getPath();
        if (!asked.equals(path) && !asked.equals(path + NUMBERS) && !asked.equals(path + DIRECTORY)) {
            return 404;
        }
        boolean known = ("Bearer " + token).equals(exchange.getRequestHeaders().getFirst("Authorization"));
        if (!known) {
            return 401;
        }
        return retryAfter > 0 ? 503 : 200;
    }

    private static byte[] line(TopologyEvent event) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        line.writeBytes(Json.write(event));
        line.write('\n');
        return line.toByteArray();
    }
}
