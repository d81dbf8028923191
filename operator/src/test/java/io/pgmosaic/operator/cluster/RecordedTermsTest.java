package io.pgmosaic.operator.cluster;

import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.pgmosaic.api.v1alpha1.cluster.ShardState;
import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterStatus;
import io.pgmosaic.operator.ClusterKey;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import static org.assertj.core.api.Assertions.assertThat;

final class RecordedTermsTest {
    private static final ClusterKey ORDERS = new ClusterKey("shop", "orders");

    private final Leadership leadership = new Leadership(true);
    private final RecordedTerms terms = new RecordedTerms(leadership);

    private static Optional<ShardedCluster> cluster(ClusterKey key) {
        if (!key.equals(ORDERS)) {
            return Optional.empty();
        }
        ShardedCluster cluster = new ShardedCluster();
        ShardState s0 = new ShardState(
                "s0", 4L, "orders-s0-1", null, null, null, null, null, null, null, null, null, List.of());
        cluster.setStatus(new ShardedClusterStatus(
                1L, null, null, null, null, null, List.of(ShardState.unknown("s1"), s0), List.of()));
        return Optional.of(cluster);
    }

    @Test
    void confirmsTheRecordedPrimaryWhileItLeads() {
        terms.readFrom(RecordedTermsTest::cluster);
        assertThat(terms.confirmed(ORDERS, "orders-s0-1")).isEmpty();
        LeaderCallbacks election = leadership.callbacks();
        election.onStartLeading();
        assertThat(terms.confirmed(ORDERS, "orders-s0-1")).isEqualTo(OptionalLong.of(4));
        assertThat(terms.confirmed(ORDERS, "orders-s0-0")).isEmpty();
        assertThat(terms.confirmed(new ClusterKey("shop", "billing"), "orders-s0-1"))
                .isEmpty();
        election.onStopLeading();
        assertThat(terms.confirmed(ORDERS, "orders-s0-1")).isEmpty();
    }

    @Test
    void leadsWithoutElections() {
        assertThat(new Leadership(false).leads()).isTrue();
    }

    @Test
    void confirmsNothingBeforeItHasARecord() {
        assertThat(new RecordedTerms(new Leadership(false)).confirmed(ORDERS, "orders-s0-1"))
                .isEmpty();
    }
}
