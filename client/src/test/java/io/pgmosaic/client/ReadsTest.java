package io.pgmosaic.client;

import io.pgmosaic.client.topology.ReplicaServer;
import io.pgmosaic.client.topology.ServerAddress;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;

class ReadsTest {
    @Test
    void replicasOfTheOwnZoneAreTriedFirstInRandomOrder() {
        Set<List<String>> orders = new HashSet<>();
        Random random = new Random(7);
        for (int i = 0; i < 200; i++) {
            List<ReplicaServer> candidates = new ArrayList<>(
                    List.of(replica("a", false), replica("b", true), replica("c", true), replica("d", false)));
            Reads.putInOrder(candidates, random);
            orders.add(candidates.stream()
                    .map(replica -> replica.server().instance())
                    .toList());
        }
        assertThat(orders)
                .containsExactlyInAnyOrder(
                        List.of("b", "c", "a", "d"),
                        List.of("b", "c", "d", "a"),
                        List.of("c", "b", "a", "d"),
                        List.of("c", "b", "d", "a"));
    }

    private static ReplicaServer replica(String instance, boolean near) {
        return new ReplicaServer(new ServerAddress(instance, "h", 5432), 0L, null, near);
    }
}
