package io.pgmosaic.operator.ids;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.protocol.topology.MachineIdGrant;
import io.pgmosaic.protocol.topology.MachineIdRequest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Over an API that stores what it is given, and refuses what was made from an older version. */
@EnableKubernetesMockClient(crud = true)
@Timeout(120)
class MachineLeasesTest {
    private static final ClusterKey ORDERS = new ClusterKey("shop", "orders");

    @SuppressWarnings("NullAway.Init")
    private KubernetesClient client;

    private final MeterRegistry registry = new SimpleMeterRegistry();

    private MachineLeases replica() {
        return new MachineLeases(
                new ConfigMapNumbers(client),
                new MachineLeaseMetrics(registry),
                Duration.ofMillis(20),
                Clock.systemUTC());
    }

    private String cluster() {
        ShardedCluster cluster = new ShardedCluster();
        cluster.getMetadata().setName(ORDERS.name());
        cluster.getMetadata().setNamespace(ORDERS.namespace());
        return client.resource(cluster).create().getMetadata().getUid();
    }

    private static MachineIdRequest asking(int router) {
        return new MachineIdRequest("process-of-a-router-" + router, null);
    }

    private static List<CompletableFuture<MachineIdGrant>> ask(List<MachineLeases> replicas, int routers) {
        return IntStream.range(0, routers)
                .mapToObj(i -> replicas.get(i % replicas.size()).ask(ORDERS, asking(i)))
                .toList();
    }

    @Test
    void replicasThatRaceGiveNoNumberTwice() {
        String uid = cluster();
        try (MachineLeases one = replica();
                MachineLeases other = replica()) {
            Set<Integer> given = new HashSet<>();
            for (int wave = 1; wave <= 10; wave++) {
                for (CompletableFuture<MachineIdGrant> answer : ask(List.of(one, other), wave * 20)) {
                    given.add(answer.join().machineId());
                }
                assertThat(given).as("numbers of %d routers", wave * 20).hasSize(wave * 20);
            }
        }
        ConfigMap stored = stored();
        assertThat(stored.getData()).hasSize(200);
        assertThat(stored.getMetadata().getOwnerReferences())
                .singleElement()
                .satisfies(owner -> assertThat(owner.getUid()).isEqualTo(uid));
        assertThat(count("pgmosaic.machine.lease.writes", "conflict"))
                .as("they did race")
                .isPositive();
        assertThat(count("pgmosaic.machine.leases", "granted")).isEqualTo(1_100);
    }

    @Test
    void aThousandRoutersAreAFewWrites() {
        RecordedInMemory record = new RecordedInMemory();
        try (MachineLeases one = record.replica(Clock.systemUTC());
                MachineLeases other = record.replica(Clock.systemUTC())) {
            assertThat(ask(List.of(one, other), 1_000).stream()
                            .map(answer -> answer.join().machineId())
                            .distinct())
                    .hasSize(1_000);
            assertThat(record.writes()).isLessThan(20);
            assertThat(ask(List.of(other, one), 1_000))
                    .allMatch(answer -> answer.join().machineId() >= 0);
            List<CompletableFuture<MachineIdGrant>> more = IntStream.range(1_000, 1_030)
                    .mapToObj(i -> one.ask(ORDERS, asking(i)))
                    .toList();
            assertThat(more.stream().filter(MachineLeasesTest::isGranted)).hasSize(24);
            assertThatThrownBy(more.getLast()::join)
                    .hasCauseInstanceOf(UnavailableException.class)
                    .hasMessageContaining(
                            "all 1024 machine numbers of shop/orders are taken; the next becomes free at ");
        }
    }

    @Test
    void thereIsNoneForAClusterThatIsGoneNorFromTheRecordOfAnEarlierOne() {
        try (MachineLeases leases = replica()) {
            assertThat(failure(leases)).hasMessageContaining("there is no ShardedCluster shop/orders");
            cluster();
            client.resource(new ConfigMapBuilder()
                            .withNewMetadata()
                            .withName("orders-machine-ids")
                            .withNamespace("shop")
                            .addNewOwnerReference()
                            .withUid("of another one")
                            .endOwnerReference()
                            .endMetadata()
                            .build())
                    .create();
            assertThat(failure(leases)).hasMessageContaining("orders-machine-ids is not of this cluster");
            client.configMaps()
                    .inNamespace("shop")
                    .withName("orders-machine-ids")
                    .delete();
            assertThat(leases.ask(ORDERS, asking(1)).join().machineId()).isBetween(0, 1_023);
        }
    }

    @Test
    void anApiThatIsAwayIsToldAndTriedAgain() {
        RecordedInMemory record = new RecordedInMemory();
        try (MachineLeases leases = record.replica(Clock.systemUTC())) {
            record.fail(new KubernetesClientException("nobody listens"));
            assertThat(failure(leases)).hasMessageContaining("nobody listens");
            record.fail(null);
            assertThat(leases.ask(ORDERS, asking(1)).join().machineId()).isBetween(0, 1_023);
        }
    }

    @Test
    void whoAsksAnOperatorThatStopsIsTold() {
        MachineLeases leases = new RecordedInMemory().replica(Clock.systemUTC());
        leases.close();
        assertThat(failure(leases)).hasMessageContaining("being stopped");
    }

    @Test
    void aChangeOfAnOlderVersionIsRefused() throws UnavailableException {
        cluster();
        ConfigMapNumbers numbers = new ConfigMapNumbers(client);
        assertThat(numbers.write(ORDERS, null, Map.of("1", "first"))).isTrue();
        assertThat(numbers.write(ORDERS, null, Map.of("1", "created twice"))).isFalse();
        MachineNumberStore.Recorded read = numbers.read(ORDERS);
        assertThat(numbers.write(ORDERS, read.version(), Map.of("2", "second"))).isTrue();
        assertThat(numbers.write(ORDERS, read.version(), Map.of("2", "too late")))
                .isFalse();
        assertThat(numbers.read(ORDERS).data()).isEqualTo(Map.of("1", "first", "2", "second"));
    }

    private static boolean isGranted(CompletableFuture<MachineIdGrant> answer) {
        return answer.handle((grant, failure) -> failure == null).join();
    }

    private static @Nullable Throwable failure(MachineLeases leases) {
        return leases.ask(ORDERS, asking(1))
                .handle((@Nullable MachineIdGrant grant, @Nullable Throwable failure) -> failure)
                .join();
    }

    private double count(String name, String outcome) {
        return registry.get(name).tag("outcome", outcome).counter().count();
    }

    private ConfigMap stored() {
        return client.configMaps()
                .inNamespace("shop")
                .withName("orders-machine-ids")
                .require();
    }
}
