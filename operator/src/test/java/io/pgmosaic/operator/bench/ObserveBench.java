package io.pgmosaic.operator.bench;

import com.sun.management.OperatingSystemMXBean;
import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.instance.CommandOutcome;
import io.pgmosaic.operator.instance.HttpInstanceClient;
import io.pgmosaic.operator.instance.InstanceClient;
import io.pgmosaic.operator.instance.InstanceEndpoint;
import io.pgmosaic.operator.instance.InstanceStatuses;
import io.pgmosaic.operator.instance.InstanceTrust;
import io.pgmosaic.operator.instance.InstanceUnreachableException;
import io.pgmosaic.operator.instance.StatusRequest;
import io.pgmosaic.operator.observe.InstanceKey;
import io.pgmosaic.operator.observe.InstanceObserver;
import io.pgmosaic.operator.observe.MonotonicClock;
import io.pgmosaic.operator.observe.Observation;
import io.pgmosaic.operator.pki.CertificateAuthority;
import io.pgmosaic.operator.pki.CertifiedKey;
import io.pgmosaic.protocol.instance.InstanceCommand;
import io.pgmosaic.protocol.instance.InstanceStatus;
import io.pgmosaic.testing.Figure;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.atomic.LongAdder;

import static org.awaitility.Awaitility.await;

/**
 * Appends {@code observe.192.core-share}: how much of a core it takes to observe 64 settled shards of 3 instances, over TLS,
 * each asked about once a second and waited for. The processor time is that of this whole process, its compilers and
 * collector with it; the instances are in another one.
 */
public final class ObserveBench {
    private static final ClusterKey ORDERS = new ClusterKey("shop", "orders");
    private static final int SHARDS = 64;
    private static final int INSTANCES = SHARDS * SimulatedFleet.INSTANCES_PER_SHARD;
    private static final Duration CONNECTED = Duration.ofSeconds(30);
    private static final Duration WARM_UP = Duration.ofSeconds(60);
    private static final Duration MEASURED = Duration.ofSeconds(60);

    private ObserveBench() {}

    public static void main(String[] args) throws IOException, GeneralSecurityException, InterruptedException {
        CertifiedKey identity = CertificateAuthority.create("orders", Instant.now(), Duration.ofDays(1));
        CertificateAuthority authority = CertificateAuthority.of(identity);
        InstanceTrust trust = new InstanceTrust();
        trust.setCluster(
                ORDERS, authority.certificatePem(), authority.issueOperatorClient(Instant.now(), Duration.ofHours(1)));
        try (SimulatedFleet fleet = SimulatedFleet.start(SHARDS, identity);
                HttpInstanceClient http = new HttpInstanceClient(trust, cluster -> {}, command -> true)) {
            Counting client = new Counting(http);
            try (InstanceObserver observer = new InstanceObserver(
                    client,
                    new MonotonicClock(),
                    (cluster, instance, receivedAt) -> OptionalLong.of(InstanceStatuses.TERM))) {
                watchAll(observer, fleet);
                Thread.sleep(WARM_UP);
                measured(client).appendTo(Path.of(args[0]));
            }
        }
    }

    /** One after the other: the handshakes of all at once are more than one machine has for both ends of them. */
    private static void watchAll(InstanceObserver observer, SimulatedFleet fleet) {
        for (int shard = 0; shard < SHARDS; shard++) {
            for (int ordinal = 0; ordinal < SimulatedFleet.INSTANCES_PER_SHARD; ordinal++) {
                String instance = SimulatedFleet.instance(shard, ordinal);
                observer.watch(new InstanceEndpoint(
                        ORDERS,
                        instance,
                        SimulatedFleet.service(shard),
                        SimulatedFleet.address(shard, ordinal),
                        fleet.port()));
                InstanceKey key = new InstanceKey(ORDERS, instance);
                await().atMost(CONNECTED).until(() -> hasAnswered(observer.observation(key)));
            }
        }
    }

    private static boolean hasAnswered(@Nullable Observation observation) {
        return observation != null && observation.status() != null;
    }

    private static Figure measured(Counting client) throws InterruptedException {
        OperatingSystemMXBean machine = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        long answersBefore = client.answers.sum();
        long failuresBefore = client.failures.sum();
        long cpu = machine.getProcessCpuTime();
        long begun = System.nanoTime();
        Thread.sleep(MEASURED);
        double seconds = (System.nanoTime() - begun) / 1e9;
        double cpuSeconds = (machine.getProcessCpuTime() - cpu) / 1e9;
        double perSecond = (client.answers.sum() - answersBefore) / seconds / INSTANCES;
        long failures = client.failures.sum() - failuresBefore;
        if (failures > 0 || perSecond < 0.9) {
            throw new IllegalStateException(
                    String.format(
                            Locale.ROOT,
                            "this is not what was to be measured: %d failures, and each answered %.2f times a second",
                            failures,
                            perSecond),
                    client.lastFailure);
        }
        return new Figure(
                "observe.192.core-share",
                cpuSeconds / seconds,
                "cores",
                String.format(
                        Locale.ROOT,
                        "processor time of the observing process over %.0f s after a warm-up of %d s, by time on the"
                                + " clock; %d instances answered %.2f times a second each, %.0f us an answer",
                        seconds,
                        WARM_UP.toSeconds(),
                        INSTANCES,
                        perSecond,
                        cpuSeconds * 1e6 / (perSecond * seconds * INSTANCES)));
    }

    private static final class Counting implements InstanceClient {
        private final InstanceClient client;
        private final LongAdder answers = new LongAdder();
        private final LongAdder failures = new LongAdder();
        private volatile @Nullable InstanceUnreachableException lastFailure;

        Counting(InstanceClient client) {
            this.client = client;
        }

        @Override
        public InstanceStatus status(InstanceEndpoint endpoint, StatusRequest request)
                throws InstanceUnreachableException, InterruptedException {
            try {
                InstanceStatus status = client.status(endpoint, request);
                answers.increment();
                return status;
            } catch (InstanceUnreachableException e) {
                failures.increment();
                lastFailure = e;
                throw e;
            }
        }

        @Override
        public CommandOutcome send(InstanceEndpoint endpoint, InstanceCommand command)
                throws InstanceUnreachableException, InterruptedException {
            return client.send(endpoint, command);
        }
    }
}
