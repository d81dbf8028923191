package io.pgmosaic.protocol;

import io.pgmosaic.protocol.instance.InstanceCommand;
import io.pgmosaic.protocol.instance.InstanceIdentity;
import io.pgmosaic.protocol.instance.PostgresConfiguration;
import io.pgmosaic.protocol.topology.Server;
import io.pgmosaic.protocol.topology.ShardTopology;
import io.pgmosaic.protocol.topology.TopologyEvent;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class JsonTest {
    @Test
    void commandsComeBackAsTheyWereSent() throws Exception {
        InstanceCommand.Bootstrap sent = new InstanceCommand.Bootstrap(
                new InstanceIdentity("shop", "orders", "uid-1", "s0", "orders-s0-0"),
                1,
                new PostgresConfiguration(
                        3, Map.of("work_mem", "8MB"), "ANY 1 (\"orders-s0-1\")", List.of("mosaic_orders_s0_1"), false));
        assertThat(Json.read(Json.write(sent), InstanceCommand.Bootstrap.class)).isEqualTo(sent);
    }

    @Test
    void eventsCarryTheirType() throws Exception {
        TopologyEvent sent = new TopologyEvent.ShardChanged(
                new ShardTopology("s0", 7, new Server("orders-s0-0", "10.0.0.1", 5432), List.of(), null));
        assertThat(new String(Json.write(sent), UTF_8)).startsWith("{\"type\":\"shard\"");
        assertThat(Json.read(Json.write(sent), TopologyEvent.class)).isEqualTo(sent);
        assertThat(new String(Json.write(new TopologyEvent.Heartbeat(Instant.EPOCH)), UTF_8))
                .contains("1970-01-01T00:00:00Z");
    }

    @Test
    void ignoresFieldsOfANewerPeer() throws Exception {
        byte[] json = "{\"instance\":\"a\",\"host\":\"h\",\"port\":5432,\"rack\":\"7\"}".getBytes(UTF_8);
        assertThat(Json.read(json, Server.class)).isEqualTo(new Server("a", "h", 5432));
    }

    @Test
    void saysWhatWasExpectedWhenTheTextIsNotThat() {
        assertThatThrownBy(() -> Json.read("{".getBytes(UTF_8), Server.class))
                .isInstanceOf(MalformedJsonException.class)
                .hasMessageContaining("expected Server");
        assertThatThrownBy(() -> Json.read("null".getBytes(UTF_8), Server.class))
                .isInstanceOf(MalformedJsonException.class)
                .hasMessageContaining("found null");
    }
}
