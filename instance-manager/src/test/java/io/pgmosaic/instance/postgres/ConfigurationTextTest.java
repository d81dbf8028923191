package io.pgmosaic.instance.postgres;

import io.pgmosaic.instance.harness.Sandbox;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Hostile values, read back by the real server's scanner. */
final class ConfigurationTextTest {
    private static final String ALPHABET = "'\\\"\n\r\t\b ;#=$()`{}~%aé漢\u007f\u0001";

    @Test
    void theServerReadsBackExactlyWhatWasWritten() throws IOException, InterruptedException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<String> values = new ArrayList<>(List.of(
                "",
                "plain",
                "'; DROP TABLE x; --",
                "a\nlisten_addresses = '*'",
                "ends with a backslash \\",
                "\\'",
                "''",
                "$(touch /tmp/x)",
                "x".repeat(900)));
        for (int i = 0; i < 25; i++) {
            StringBuilder value = new StringBuilder();
            for (int length = random.nextInt(40); length > 0; length--) {
                value.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
            }
            values.add(value.toString());
        }
        try (Sandbox sandbox = new Sandbox()) {
            Path file = sandbox.root().resolve("test.conf");
            for (String value : values) {
                sandbox.write(
                        file,
                        new ConfigurationText().setting("mosaic.test", value).toString());
                String answer = Sandbox.run(
                        "postgres", "-D", sandbox.root().toString(), "--config-file=" + file, "-C", "mosaic.test");
                assertThat(answer).describedAs("seed %d", seed).endsWith("\n" + value + "\n");
            }
        }
    }

    @Test
    void refusesWhatNoSettingCanHold() {
        assertThatThrownBy(() -> ConfigurationText.quote("a\0b")).isInstanceOf(IllegalArgumentException.class);
        for (String name : List.of("", "a b", "a=b", "a'", "1a", "a\nb", "a.b.c", ".a", "a.", "a;b", "x".repeat(200))) {
            assertThat(ConfigurationText.isName(name)).describedAs(name).isFalse();
        }
        assertThat(ConfigurationText.isName("pg_stat_statements.max")).isTrue();
    }

    @Test
    void ownsWhatFencingStandsOn() {
        for (String name : List.of(
                "synchronous_standby_names",
                "PRIMARY_CONNINFO",
                "Listen_Addresses",
                "ssl_cert_file",
                "recovery_target",
                "mosaic.term",
                "hba_file",
                "fsync",
                "restart_after_crash")) {
            assertThat(OwnedParameters.contains(name)).describedAs(name).isTrue();
        }
        assertThat(OwnedParameters.contains("work_mem")).isFalse();
        assertThat(OwnedParameters.contains("max_wal_senders")).isFalse();
    }
}
