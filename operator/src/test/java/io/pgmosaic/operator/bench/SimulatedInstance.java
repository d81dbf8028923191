package io.pgmosaic.operator.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.pgmosaic.operator.instance.InstanceStatuses;
import io.pgmosaic.operator.pki.CertifiedKey;
import io.pgmosaic.protocol.Json;
import io.pgmosaic.protocol.Lsn;
import io.pgmosaic.protocol.instance.InstanceIdentity;
import io.pgmosaic.protocol.instance.InstanceRole;
import io.pgmosaic.protocol.instance.InstanceStatus;
import io.pgmosaic.protocol.instance.LeaseState;
import io.pgmosaic.protocol.instance.PostgresState;
import io.pgmosaic.protocol.instance.ReplicaConnection;
import io.pgmosaic.protocol.instance.UpstreamContact;
import io.pgmosaic.protocol.instance.WalReceiver;
import io.pgmosaic.protocol.tls.TlsContexts;

import javax.net.ssl.SSLParameters;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * An instance of a shard in which nothing happens but writes: it is asked over TLS, waits as long as it is asked to, for a
 * change that never comes, and says where its log ends by then. The first of its shard is the primary and has a lease.
 */
final class SimulatedInstance {
    private static final long LEASE_MILLIS = 6_000;
    private static final Pattern WAIT = Pattern.compile("(?:^|&)waitMillis=(\\d+)");

    private final int shard;
    private final int ordinal;
    /** What an instance waits for that is asked for its next change. */
    private final CountDownLatch change = new CountDownLatch(1);

    private SimulatedInstance(int shard, int ordinal) {
        this.shard = shard;
        this.ordinal = ordinal;
    }

    /**
     * @param port 0 takes a free one
     * @return the port
     */
    static int start(int shard, int ordinal, String address, int port, String authorityPem, CertifiedKey certificate)
            throws IOException, GeneralSecurityException {
        SimulatedInstance instance = new SimulatedInstance(shard, ordinal);
        HttpsServer server = HttpsServer.create(new InetSocketAddress(address, port), 0);
        server.setHttpsConfigurator(
                new HttpsConfigurator(TlsContexts.of(certificate.certificate(), certificate.key(), authorityPem)) {
                    @Override
                    public void configure(HttpsParameters parameters) {
                        SSLParameters tls = getSSLContext().getDefaultSSLParameters();
                        tls.setNeedClientAuth(true);
                        parameters.setSSLParameters(tls);
                    }
                });
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v1/status", instance::answer);
        server.start();
        return server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Matcher wait = WAIT.matcher(String.valueOf(exchange.getRequestURI().getQuery()));
            if (wait.find() && change.await(Long.parseLong(wait.group(1)), TimeUnit.MILLISECONDS)) {
                throw new IOException("nothing changes here");
            }
            byte[] body = Json.write(status());
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private InstanceStatus status() {
        Instant now = Instant.now();
        Lsn end = new Lsn(now.toEpochMilli());
        boolean primary = ordinal == 0;
        PostgresState settled = InstanceStatuses.postgres(
                PostgresState.ServerState.RUNNING,
                InstanceStatuses.TERM,
                true,
                primary ? null : new WalReceiver(name(0), true, end, 0L));
        InstanceStatus status = InstanceStatuses.of(
                identity(),
                primary ? InstanceRole.PRIMARY : InstanceRole.STANDBY,
                InstanceStatuses.TERM,
                new PostgresState(
                        settled.state(),
                        settled.term(),
                        settled.timeline(),
                        end,
                        settled.replayedLsn(),
                        settled.replayLagMillis(),
                        settled.receiver(),
                        primary ? replicas(end) : List.of(),
                        settled.open(),
                        settled.configuration(),
                        settled.databaseBytes(),
                        settled.startedAt(),
                        settled.message()));
        return new InstanceStatus(
                status.identity(),
                status.bootId(),
                status.managerVersion(),
                status.imageMajorVersion(),
                status.promisedTerm(),
                status.role(),
                status.data(),
                status.postgres(),
                null,
                primary ? null : new UpstreamContact(name(0), 250L, false),
                primary ? new LeaseState(InstanceStatuses.TERM, LEASE_MILLIS, end.offset()) : null,
                null,
                status.volumeBytes(),
                status.volumeFreeBytes(),
                status.changes(),
                now);
    }

    private List<ReplicaConnection> replicas(Lsn end) {
        return IntStream.range(1, SimulatedFleet.INSTANCES_PER_SHARD)
                .mapToObj(standby -> new ReplicaConnection(name(standby), "streaming", "quorum", end, end, end, 1L))
                .toList();
    }

    private InstanceIdentity identity() {
        return new InstanceIdentity("shop", "orders", "uid-1", "s" + shard, name(ordinal));
    }

    private String name(int of) {
        return SimulatedFleet.instance(shard, of);
    }
}
