package io.pgmosaic.client.topology;

import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

class ShardsDocumentTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Map<String, Object> REPLICA = Map.of("instance", "r", "host", "h", "port", 5432);
    private static final Map<String, Object> IN_NORTH =
            Map.of("instance", "r", "host", "h", "port", 5432, "zone", "north");

    @Test
    void aReplicaIsNearInTheRoutersZoneAlone() {
        assertThat(isNear(Map.of("zone", "north"), IN_NORTH)).isTrue();
        assertThat(isNear(Map.of("zone", "south"), IN_NORTH)).isFalse();
        assertThat(isNear(Map.of("zone", "north"), REPLICA)).isFalse();
        assertThat(isNear(Map.of(), IN_NORTH)).isFalse();
        assertThat(isNear(Map.of(), REPLICA)).as("both unknown").isFalse();
    }

    private static boolean isNear(Map<String, Object> router, Map<String, Object> replica) {
        Map<String, Object> document = new HashMap<>(router);
        document.put("shards", List.of(Map.of("shard", "s0", "term", 1, "replicas", List.of(replica))));
        return requireNonNull(ShardsDocument.shards(JSON.valueToTree(document)).get("s0"))
                .replicas()
                .getFirst()
                .near();
    }
}
