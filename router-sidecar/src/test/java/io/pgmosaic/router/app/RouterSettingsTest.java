package io.pgmosaic.router.app;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RouterSettingsTest {
    private static final Map<String, String> LEAST = Map.of(
            "PGMOSAIC_NAMESPACE", "shop",
            "PGMOSAIC_CLUSTER", "orders",
            "PGMOSAIC_TOPOLOGY_URLS", "https://10.0.0.1:8444, https://operator:8444/base/");

    @Test
    void fillsInWhatIsNotSet() throws Exception {
        assertThat(RouterSettings.fromEnvironment(LEAST))
                .isEqualTo(new RouterSettings(
                        "shop",
                        "orders",
                        List.of(URI.create("https://10.0.0.1:8444"), URI.create("https://operator:8444/base/")),
                        Path.of("/etc/pgmosaic/router"),
                        Path.of("/var/lib/pgmosaic-router"),
                        "127.0.0.1",
                        7432,
                        null,
                        7433,
                        null,
                        100_000,
                        TrafficSettings.DEFAULT,
                        DirectorySettings.DEFAULT));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    PGMOSAIC_NAMESPACE     |                     | is not set
                    PGMOSAIC_CLUSTER       |                     | is not set
                    PGMOSAIC_CLUSTER       | ../other            | must be a DNS label
                    PGMOSAIC_CLUSTER       | Orders              | must be a DNS label
                    PGMOSAIC_TOPOLOGY_URLS |                     | is not set
                    PGMOSAIC_TOPOLOGY_URLS | ,                   | holds no URL
                    PGMOSAIC_TOPOLOGY_URLS | http://operator     | must hold https URLs
                    PGMOSAIC_TOPOLOGY_URLS | https:///nowhere    | must hold https URLs
                    PGMOSAIC_TOPOLOGY_URLS | https://a b         | what is no URL
                    PGMOSAIC_HTTP_PORT     | http                | must be a number
                    PGMOSAIC_HTTP_PORT     | 65536               | must be between 0 and 65535
                    PGMOSAIC_HTTP_PORT     | -1                  | must be between 0 and 65535
                    PGMOSAIC_HEALTH_PORT   | health              | must be a number
                    PGMOSAIC_SESSIONS      | 0                   | must be between 1 and 10000000
                    PGMOSAIC_HOT_KEYS      | -1                  | must be between 0 and 100000
                    PGMOSAIC_WAITING_LOOKUPS | 10001             | must be between 0 and 10000
                    PGMOSAIC_CONNECTIONS   | 0                   | must be between 1 and 1000000
                    PGMOSAIC_BATCHES       | 0                   | must be between 1 and 10000
                    PGMOSAIC_HOT_KEYS_SHOWN | yes                | must be true or false
                    """)
    void namesTheSettingThatIsWrong(String name, String value, String message) {
        Map<String, String> environment = new HashMap<>(LEAST);
        if (value == null) {
            environment.remove(name);
        } else {
            environment.put(name, value);
        }
        assertThatThrownBy(() -> RouterSettings.fromEnvironment(environment))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining(name)
                .hasMessageContaining(message);
    }
}
