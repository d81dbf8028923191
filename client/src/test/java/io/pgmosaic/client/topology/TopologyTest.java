package io.pgmosaic.client.topology;

import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/** Nothing goes back, whatever a router tells that was started with an old file. */
class TopologyTest {
    private static final JsonMapper JSON = new JsonMapper();

    private static Topology topology(String uid, long version, long term) {
        return new Topology(
                Rules.of(JSON.valueToTree(Map.of(
                        "clusterUid",
                        uid,
                        "map",
                        Map.of("version", version),
                        "tables",
                        List.of(),
                        "routing",
                        Map.of("maxReplicaLagMillis", 10)))),
                "app",
                Map.of("s0", new ShardServers("s0", term, null, List.of(), null)));
    }

    @Test
    void keepsTheHigherTermAndTheHigherVersionEachByItself() {
        Topology merged = topology("u", 3, 5).then(topology("u", 4, 4));
        assertThat(merged.shard("s0").term()).isEqualTo(5);
        assertThat(merged.rules().version()).isEqualTo(4);
        merged = merged.then(topology("u", 3, 6));
        assertThat(merged.shard("s0").term()).isEqualTo(6);
        assertThat(merged.rules().version()).isEqualTo(4);
    }

    @Test
    void aClusterThatWasMadeAnewBeginsAnew() {
        assertThat(topology("u", 3, 5).then(topology("v", 1, 1)).shard("s0").term())
                .isEqualTo(1);
    }

    @Test
    void positionsAreReadAndWrittenAsPostgresDoes() {
        Position position = Position.of(3, "FFFFFFFF/B374D848");
        assertThat(position.text()).isEqualTo("FFFFFFFF/B374D848");
        assertThat(Position.of(3, "0/0").text()).isEqualTo("0/0");
        assertThat(position.holds(Position.of(3, "16/B374D848"))).isTrue();
        assertThat(Position.of(3, "16/B374D848").holds(position)).isFalse();
        assertThat(Position.of(2, "FFFFFFFF/0").with(Position.of(3, "1/0")))
                .as("term and place each by itself")
                .isEqualTo(Position.of(3, "FFFFFFFF/0"));
    }
}
