package io.pgmosaic.instance.command;

import io.pgmosaic.protocol.Json;
import io.pgmosaic.protocol.instance.InstanceCommand;
import io.pgmosaic.protocol.instance.InstanceIdentity;
import io.pgmosaic.protocol.instance.PostgresConfiguration;
import io.pgmosaic.protocol.instance.Upstream;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

final class WellFormedTest {
    private static final InstanceIdentity ME = new InstanceIdentity("shop", "orders", "u1", "s0", "orders-s0-1");

    private static InstanceCommand configure(Map<String, String> parameters, String sync, List<String> slots) {
        return new InstanceCommand.Configure(ME, 1, new PostgresConfiguration(1, parameters, sync, slots, true));
    }

    private static InstanceCommand follow(Upstream upstream, String slot, String system) {
        return new InstanceCommand.Follow(
                ME, 1, upstream, slot, system, false, new PostgresConfiguration(1, Map.of(), "", List.of(), true));
    }

    @Test
    void takesWhatTheOperatorSends() {
        assertThat(WellFormed.complaint(configure(
                        Map.of("work_mem", "64MB", "synchronous_commit", "remote_apply"),
                        "ANY 1 (\"orders-s0-0\")",
                        List.of("mosaic_orders_s0_0"))))
                .isEmpty();
        assertThat(WellFormed.complaint(follow(
                        new Upstream("orders-s0-0", "orders-s0-0.orders-s0.shop.svc", "10.1.2.3", 5432, 8443),
                        "mosaic_x",
                        "7123456789012345678")))
                .isEmpty();
        assertThat(WellFormed.complaint(
                        follow(new Upstream("orders-s0-0", "a.b", "fd00::1", 5432, 8443), "mosaic_x", "7")))
                .isEmpty();
        assertThat(WellFormed.complaint(new InstanceCommand.Stop(ME, 1))).isEmpty();
    }

    @Test
    void namesAMissingComponent() throws IOException {
        String json = "{\"term\":1,\"target\":{\"namespace\":\"shop\"}}";
        InstanceCommand command = Json.read(json.getBytes(StandardCharsets.UTF_8), InstanceCommand.Stop.class);
        assertThat(WellFormed.complaint(command)).contains("command.target.cluster is missing");
    }

    @Test
    void refusesHostileText() {
        for (Map<String, String> parameters : List.of(
                Map.of("work_mem\nfsync", "off"),
                Map.of("fsync", "off"),
                Map.of("Primary_Conninfo", "host=elsewhere"),
                Map.of("work_mem", "a\0b"),
                Map.of("work_mem", "x".repeat(10_001)),
                Map.of("a'; --", "1"))) {
            assertThat(WellFormed.complaint(configure(parameters, "", List.of())))
                    .describedAs(parameters.toString())
                    .isPresent();
        }
        assertThat(WellFormed.complaint(configure(Map.of(), "a\0", List.of()))).isPresent();
        assertThat(WellFormed.complaint(configure(Map.of(), "", List.of("x'; DROP"))))
                .isPresent();
        Upstream good = new Upstream("orders-s0-0", "a.b", "10.0.0.1", 5432, 8443);
        assertThat(WellFormed.complaint(follow(good, "Slot", "7"))).isPresent();
        assertThat(WellFormed.complaint(follow(good, "slot", "7 sslmode=disable")))
                .isPresent();
        for (Upstream bad : List.of(
                new Upstream("orders-s0-0", "a' password='x", "10.0.0.1", 5432, 8443),
                new Upstream("orders-s0-0", "a.b", "elsewhere", 5432, 8443),
                new Upstream("orders-s0-0", "a.b", "10.0.0.1", 0, 8443),
                new Upstream(ME.instance(), "a.b", "10.0.0.1", 5432, 8443))) {
            assertThat(WellFormed.complaint(follow(bad, "slot", "7")))
                    .describedAs(bad.toString())
                    .isPresent();
        }
        assertThat(WellFormed.complaint(new InstanceCommand.Stop(ME, 0))).isPresent();
    }
}
