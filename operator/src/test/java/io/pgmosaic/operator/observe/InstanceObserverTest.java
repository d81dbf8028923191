package io.pgmosaic.operator.observe;

import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.instance.CommandOutcome;
import io.pgmosaic.operator.instance.InstanceClient;
import io.pgmosaic.operator.instance.InstanceEndpoint;
import io.pgmosaic.operator.instance.InstanceStatuses;
import io.pgmosaic.operator.instance.InstanceUnreachableException;
import io.pgmosaic.operator.instance.StatusRequest;
import io.pgmosaic.protocol.Lsn;
import io.pgmosaic.protocol.instance.InstanceCommand;
import io.pgmosaic.protocol.instance.InstanceIdentity;
import io.pgmosaic.protocol.instance.InstanceRole;
import io.pgmosaic.protocol.instance.InstanceStatus;
import io.pgmosaic.protocol.instance.LeaseState;
import io.pgmosaic.protocol.instance.PostgresState;
import io.pgmosaic.protocol.instance.ReplicaConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Each question waits until the test answers it, so nothing depends on how long anything takes. */
@Timeout(60)
class InstanceObserverTest {
    private static final ClusterKey ORDERS = new ClusterKey("shop", "orders");
    private static final InstanceIdentity IDENTITY =
            new InstanceIdentity("shop", "orders", "uid-1", "s0", "orders-s0-0");
    private static final InstanceKey KEY = new InstanceKey(ORDERS, "orders-s0-0");
    private static final Instant NOW = Instant.parse("2026-05-01T10:00:00Z");
    private static final InstanceStatus RUNNING = InstanceStatuses.running(IDENTITY);

    private final BlockingQueue<Object> answers = new LinkedBlockingQueue<>();
    private final BlockingQueue<Object> nothing = new LinkedBlockingQueue<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<StatusRequest> requests = new CopyOnWriteArrayList<>();
    private final List<ClusterKey> told = new CopyOnWriteArrayList<>();
    private final InstanceObserver observer = new InstanceObserver(
            new ScriptedClient(),
            Clock.fixed(NOW, ZoneOffset.UTC),
            (cluster, instance, receivedAt) -> OptionalLong.of(4));

    @AfterEach
    void end() {
        observer.close();
    }

    @Test
    void remembersWhatItSawLast() {
        observer.watch(endpoint("10.0.0.1"));
        assertThat(observer.observation(KEY)).isEqualTo(Observation.NONE);
        answers.add(RUNNING);
        awaitObservation(seen());
        answers.add("connection refused");
        awaitObservation(silent("connection refused"));
    }

    @Test
    void tellsOfSignificantChangesOnly() {
        observer.addListener(told::add);
        observer.watch(endpoint("10.0.0.1"));
        answers.add(RUNNING);
        await().untilAsserted(() -> assertThat(told).hasSize(1));
        answers.add(RUNNING);
        answers.add(RUNNING);
        answers.add("connection refused");
        answers.add("connection reset");
        awaitObservation(silent("connection reset"));
        assertThat(told).hasSize(2);
    }

    @Test
    void goesOnAskingAfterAListenerFailed() {
        observer.addListener(cluster -> {
            throw new IllegalStateException("a listener that fails");
        });
        observer.addListener(told::add);
        observer.watch(endpoint("10.0.0.1"));
        answers.add(RUNNING);
        answers.add("connection refused");
        awaitObservation(silent("connection refused"));
        await().untilAsserted(() -> assertThat(told).hasSize(2));
    }

    @Test
    void goesOnAskingAfterTheClientFailedUnexpectedly() {
        observer.watch(endpoint("10.0.0.1"));
        answers.add(new IllegalStateException("a bug"));
        answers.add(RUNNING);
        awaitObservation(seen());
    }

    @Test
    void followsAnInstanceToItsNewAddressAndKeepsWhatItSaw() {
        observer.watch(endpoint("10.0.0.1"));
        answers.add(RUNNING);
        awaitObservation(seen());
        observer.watch(endpoint("10.0.0.2"));
        assertThat(observer.observation(KEY)).isEqualTo(seen());
        await().until(() -> asked.contains("10.0.0.2"));
    }

    @Test
    void forgetsWhomItDoesNotWatch() {
        observer.watch(endpoint("10.0.0.1"));
        answers.add(RUNNING);
        awaitObservation(seen());
        observer.addListener(told::add);
        observer.unwatch(KEY);
        observer.unwatch(KEY);
        assertThat(observer.observation(KEY)).isNull();
        assertThat(observer.endpoint(KEY)).isNull();
        assertThat(told).containsExactly(ORDERS);
    }

    @Test
    void asksTheShardMatesAtOnceWhenOneFallsSilentAndNobodyElse() {
        observer.watch(endpoint("10.0.0.1"));
        answers.add(RUNNING);
        awaitObservation(seen());
        observer.watch(new InstanceEndpoint(ORDERS, "orders-s0-1", "orders-s0.shop.svc", "10.0.0.2", 8443));
        observer.watch(new InstanceEndpoint(ORDERS, "orders-s1-0", "orders-s1.shop.svc", "10.0.0.3", 8443));
        await().until(() -> asked.containsAll(List.of("10.0.0.2", "10.0.0.3")));
        // The others never answer, so what is asked of them again is asked besides the regular questions.
        answers.add("connection refused");
        await().until(() -> asked.stream().filter("10.0.0.2"::equals).count() == 2);
        assertThat(asked).containsOnlyOnce("10.0.0.3");
    }

    @Test
    void waitsForChangesOfASettledOneAndConfirmsTheTermOfOneWithALease() {
        InstanceStatus leased = withLease(RUNNING, new LeaseState(4, 5000, 77));
        observer.watch(endpoint("10.0.0.1"));
        answers.add(leased);
        await().until(() -> requests.size() >= 2);
        assertThat(requests.get(0)).isEqualTo(StatusRequest.NOW);
        assertThat(requests.get(1).confirmTerm()).isEqualTo(4);
        assertThat(requests.get(1).token()).isEqualTo(77);
        assertThat(requests.get(1).seen()).isEqualTo("boot:0");
        assertThat(requests.get(1).waitMillis()).isBetween(500, 1000);
    }

    @Test
    void waitsLittleAtAPrimaryThatIsNotOpenYetAndTellsWhatItsStandbysHave() {
        InstanceStatus closed = closed(Lsn.ZERO);
        observer.addListener(told::add);
        observer.watch(endpoint("10.0.0.1"));
        answers.add(closed);
        await().until(() -> requests.size() >= 2);
        assertThat(requests.get(1).waitMillis()).isLessThan(200);
        answers.add(closed);
        await().until(() -> requests.size() >= 3);
        assertThat(told).hasSize(1);
        answers.add(closed(Lsn.parse("0/5000000")));
        await().untilAsserted(() -> assertThat(told).hasSize(2));
    }

    /** @param flushed what its standby has of its log */
    private static InstanceStatus closed(Lsn flushed) {
        PostgresState open = RUNNING.postgres();
        return InstanceStatuses.of(
                IDENTITY,
                InstanceRole.PRIMARY,
                InstanceStatuses.TERM,
                new PostgresState(
                        open.state(),
                        open.term(),
                        open.timeline(),
                        open.writtenLsn(),
                        open.replayedLsn(),
                        open.replayLagMillis(),
                        open.receiver(),
                        List.of(new ReplicaConnection(
                                "orders-s0-1", "streaming", "quorum", flushed, flushed, flushed, 0L)),
                        false,
                        open.configuration(),
                        open.databaseBytes(),
                        open.startedAt(),
                        open.message()));
    }

    private static InstanceStatus withLease(InstanceStatus status, LeaseState lease) {
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
                null,
                lease,
                status.operation(),
                status.volumeBytes(),
                status.volumeFreeBytes(),
                status.changes(),
                status.takenAt());
    }

    private static Observation seen() {
        return Sightings.answered(Observation.NONE, RUNNING, Set.of(), NOW);
    }

    private static Observation silent(String reason) {
        return Sightings.failed(seen(), reason, false, NOW, NOW);
    }

    private void awaitObservation(Observation expected) {
        await().untilAsserted(() -> assertThat(observer.observation(KEY)).isEqualTo(expected));
    }

    private static InstanceEndpoint endpoint(String address) {
        return new InstanceEndpoint(ORDERS, "orders-s0-0", "orders-s0.shop.svc", address, 8443);
    }

    private final class ScriptedClient implements InstanceClient {
        @Override
        public InstanceStatus status(InstanceEndpoint endpoint, StatusRequest request)
                throws InstanceUnreachableException, InterruptedException {
            asked.add(endpoint.address());
            requests.add(request);
            BlockingQueue<Object> script = endpoint.address().equals("10.0.0.1") ? answers : nothing;
            return switch (Objects.requireNonNull(script.take())) {
                case InstanceStatus status -> status;
                case RuntimeException failure -> throw failure;
                case String reason -> throw new InstanceUnreachableException(reason, null);
                case Object unknown -> throw new AssertionError(unknown);
            };
        }

        @Override
        public CommandOutcome send(InstanceEndpoint endpoint, InstanceCommand command) {
            return new CommandOutcome.Done();
        }
    }
}
