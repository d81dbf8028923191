package io.pgmosaic.local.bench.patroni;

import io.pgmosaic.local.bench.gap.PrimaryFinder;
import io.pgmosaic.local.bench.gap.Server;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/** Three nodes and their etcd. */
final class PatroniCluster implements PrimaryFinder, AutoCloseable {
    private static final int NODES = 3;
    private static final Duration HTTP_TIMEOUT = Duration.ofSeconds(1);

    private final List<Node> nodes;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(HTTP_TIMEOUT).build();

    private PatroniCluster(List<Node> nodes) {
        this.nodes = nodes;
    }

    /** Starts everything, without waiting for it. */
    static PatroniCluster start(Machine machine, Timing timing) {
        Etcd.start(machine);
        Credentials credentials = Credentials.random();
        List<Node> nodes = IntStream.rangeClosed(1, NODES)
                .mapToObj(number -> new Node(machine, number, timing, credentials))
                .toList();
        nodes.forEach(Node::start);
        return new PatroniCluster(nodes);
    }

    /** Asks every node's {@code GET /primary}, as a load balancer before Patroni does. */
    @Override
    public Optional<Server> find() throws InterruptedException {
        return leader().map(Node::server);
    }

    /** The node that says it has the leader's lock. */
    Optional<Node> leader() throws InterruptedException {
        for (Node node : nodes) {
            if (says(node, "/primary")) {
                return Optional.of(node);
            }
        }
        return Optional.empty();
    }

    /**
     * Waits until there is a leader, every other node streams from it, and Patroni has recorded which of them is the
     * synchronous standby. Patroni sets that in PostgreSQL before it records it, and a leader that dies between the two
     * has no successor.
     *
     * @return the leader
     * @throws TimeoutException saying what was seen instead
     */
    Node awaitHealthy(Duration limit) throws InterruptedException, TimeoutException {
        long deadline = System.nanoTime() + limit.toNanos();
        String seen;
        do {
            Optional<Node> leader = leader();
            seen = leader.isEmpty() ? "no leader" : replication(leader.get());
            if (leader.isPresent() && seen.equals("2 streaming, 1 synchronous") && hasSynchronousStandby()) {
                return leader.get();
            }
            LockSupport.parkNanos(HTTP_TIMEOUT.toNanos() / 10);
        } while (System.nanoTime() - deadline < 0);
        throw new TimeoutException("not healthy after " + limit.toSeconds() + " s: " + seen);
    }

    private boolean hasSynchronousStandby() throws InterruptedException {
        for (Node node : nodes) {
            if (says(node, "/sync")) {
                return true;
            }
        }
        return false;
    }

    /** Whether a node answers that it is what the path names. */
    private boolean says(Node node, String path) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(node.rest().resolve(path))
                .timeout(HTTP_TIMEOUT)
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException down) {
            return false;
        }
    }

    private static String replication(Node leader) {
        try (Connection connection = leader.server().connect();
                Statement select = connection.createStatement();
                ResultSet row = select.executeQuery(
                        "SELECT count(*) FILTER (WHERE state = 'streaming') || ' streaming, '"
                                + " || count(*) FILTER (WHERE sync_state = 'sync') || ' synchronous' FROM pg_stat_replication")) {
            row.next();
            return row.getString(1);
        } catch (SQLException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** Ends the nodes, the leader last, so that nobody fails over meanwhile. */
    @Override
    public void close() {
        try {
            Optional<Node> leader = leader();
            for (Node node : nodes) {
                if (leader.filter(node::equals).isEmpty()) {
                    node.stop();
                }
            }
            if (leader.isPresent()) {
                leader.get().stop();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
