package io.pgmosaic.router.app;

import io.pgmosaic.protocol.topology.ClusterTopology;
import io.pgmosaic.protocol.topology.Server;
import io.pgmosaic.router.database.ServerAddress;
import io.pgmosaic.router.harness.Topologies;
import io.pgmosaic.router.topology.KnownTopology;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import static io.pgmosaic.router.harness.Topologies.headless;
import static io.pgmosaic.router.harness.Topologies.healthy;
import static io.pgmosaic.router.harness.Topologies.map;
import static org.assertj.core.api.Assertions.assertThat;

class KnownServersTest {
    /** One of them may just be answering what it is. */
    @Test
    void areAlsoThoseThatAShardHadBefore() {
        ClusterTopology topology = Topologies.of(map(1), headless("s0", 2, "its primary failed"), healthy("s1", 1));
        Server former = Topologies.server("s0", 7);
        Server ofAShardThatIsGone = Topologies.server("s9", 0);
        Set<ServerAddress> known = KnownServers.of(new KnownTopology(
                topology, Map.of(), Map.of("s0", List.of(former), "s9", List.of(ofAShardThatIsGone))));
        assertThat(known.stream().map(ServerAddress::host).collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(
                        "10.0.0.11", "10.0.0.12", "10.0.0.17", "10.0.1.10", "10.0.1.11", "10.0.1.12");
        assertThat(known).contains(ServerAddress.of(topology, "s0", former));
    }
}
