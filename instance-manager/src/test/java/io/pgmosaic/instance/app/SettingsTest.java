package io.pgmosaic.instance.app;

import io.pgmosaic.instance.harness.TestManager;
import io.pgmosaic.instance.harness.TestShard;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class SettingsTest {
    @Test
    void namesTheVariableThatIsMissingOrWrong() throws IOException, BadSettingException {
        try (TestShard shard = new TestShard()) {
            Map<String, String> good = shard.manager(0).environment();
            assertThat(Settings.from(good).postgresPort()).isEqualTo(5432);
            for (String variable : good.keySet()) {
                if (!variable.startsWith("PGMOSAIC_")) {
                    continue;
                }
                Map<String, String> without = new HashMap<>(good);
                without.remove(variable);
                assertThatThrownBy(() -> Settings.from(without))
                        .isInstanceOf(BadSettingException.class)
                        .hasMessage(variable + " is not set");
            }
            Map<String, String> wrong = Map.of(
                    "PGMOSAIC_ADDRESS", "localhost",
                    "PGMOSAIC_MANAGER_PORT", "70000",
                    "PGMOSAIC_HEALTH_PORT", "x",
                    "PGMOSAIC_VOLUME", "/nowhere/at/all",
                    "PGMOSAIC_RUN_DIR", "relative",
                    "PGMOSAIC_POSTGRES_BIN", "/tmp",
                    "PGMOSAIC_SHARD", "S 0; rm");
            wrong.forEach((variable, value) -> {
                Map<String, String> changed = new HashMap<>(good);
                changed.put(variable, value);
                assertThatThrownBy(() -> Settings.from(changed))
                        .isInstanceOf(BadSettingException.class)
                        .hasMessageStartingWith(variable + " ");
            });
        }
    }

    @Test
    void theProcessSaysItInOneLineAndEndsWithTwo() throws Exception {
        try (TestShard shard = new TestShard()) {
            TestManager manager = shard.manager(0);
            manager.extraEnvironment().put("PGMOSAIC_ADDRESS", "");
            manager.launch();
            assertThat(manager.process().waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(manager.process().exitValue()).isEqualTo(2);
            assertThat(Files.readString(manager.log()))
                    .isEqualTo("pgmosaic-instance-manager: PGMOSAIC_ADDRESS is not set\n");
        }
    }
}
