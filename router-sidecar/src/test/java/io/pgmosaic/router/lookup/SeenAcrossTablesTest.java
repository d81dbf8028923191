package io.pgmosaic.router.lookup;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pgmosaic.protocol.Lsn;
import io.pgmosaic.protocol.instance.LogPosition;
import io.pgmosaic.protocol.topology.ClusterTopology;
import io.pgmosaic.protocol.topology.Replica;
import io.pgmosaic.protocol.topology.ShardTopology;
import io.pgmosaic.router.harness.Topologies;
import io.pgmosaic.router.metrics.LookupMetrics;
import org.junit.jupiter.api.Test;

import java.util.List;

import static io.pgmosaic.router.harness.Topologies.map;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

/** What clients saw of a replica, told 0/200 of term 2, when the operator tells something else. */
class SeenAcrossTablesTest {
    private static final long NOW = 1;

    private final TableFactory factory =
            new TableFactory(new LookupMetrics(new SimpleMeterRegistry()), 1, null, () -> NOW);

    @Test
    void lastsWithinATermOfACluster() {
        RoutingTable table = factory.build(null, topology(Topologies.UID, 2, "0/200"));
        answers(table).saw("orders-s1-1", at(1, "0/260"), NOW);
        answers(table).saw("orders-s1-1", at(3, "0/260"), NOW);
        answers(table).saw("orders-s1-2", at(2, "0/260"), NOW);
        assertThat(has(table)).as("nothing of this term and replica").isFalse();
        answers(table).saw("orders-s1-1", at(2, "0/260"), NOW);
        assertThat(has(table)).isTrue();
        assertThat(has(factory.build(table, topology(Topologies.UID, 2, "0/210"))))
                .as("it went on")
                .isTrue();
        assertThat(has(factory.build(table, topology(Topologies.UID, 3, "0/210"))))
                .as("another term")
                .isFalse();
        assertThat(has(factory.build(table, topology("another-uid", 2, "0/210"))))
                .as("another cluster")
                .isFalse();
    }

    private static boolean has(RoutingTable table) {
        return answers(table).replicas().getFirst().has(at(2, "0/250"), NOW);
    }

    private static GuaranteedAnswers answers(RoutingTable table) {
        return requireNonNull(table.shard("s1")).guaranteed();
    }

    private static ClusterTopology topology(String uid, long term, String replayed) {
        Replica replica = new Replica(Topologies.server("s1", 1), 20L, at(2, replayed), 0L);
        return Topologies.of(
                uid,
                map(1),
                Topologies.healthy("s0", 1),
                new ShardTopology("s1", term, Topologies.server("s1", 0), List.of(replica), null));
    }

    private static LogPosition at(long term, String lsn) {
        return new LogPosition(term, Lsn.parse(lsn));
    }
}
