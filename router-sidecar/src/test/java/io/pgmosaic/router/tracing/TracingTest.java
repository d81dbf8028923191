package io.pgmosaic.router.tracing;

import io.pgmosaic.router.log.JsonLog;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Clock;
import java.util.Map;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

class TracingTest {
    private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
    private final JsonLog log = new JsonLog(new PrintStream(lines, true, UTF_8), Clock.systemUTC(), Map.of());

    @Test
    void isOffUnlessTheEnvironmentSaysWhereSpansGo() {
        assertThat(Tracing.isWanted(Map.of())).isFalse();
        assertThat(Tracing.isWanted(Map.of("OTEL_SERVICE_NAME", "shop"))).isFalse();
        assertThat(Tracing.isWanted(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", " "))).isFalse();
        assertThat(Tracing.isWanted(Map.of("OTEL_TRACES_EXPORTER", "none", "OTEL_EXPORTER_OTLP_ENDPOINT", "http://a")))
                .isFalse();
        assertThat(Tracing.isWanted(Map.of("OTEL_SDK_DISABLED", "true", "OTEL_EXPORTER_OTLP_ENDPOINT", "http://a")))
                .isFalse();
        assertThat(Tracing.isWanted(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://a")))
                .isTrue();
        assertThat(Tracing.isWanted(Map.of("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://a")))
                .isTrue();
        assertThat(Tracing.isWanted(Map.of("OTEL_TRACES_EXPORTER", "otlp"))).isTrue();
        assertThat(Tracing.start(Map.of(), log)).isNull();
        assertThat(lines.size()).isZero();
    }

    @Test
    void makesASpeakerOfOtlp() {
        Tracing tracing = Tracing.start(Map.of("OTEL_TRACES_EXPORTER", "otlp"), log);
        assertThat(lines.toString(UTF_8)).isEmpty();
        assertThat(tracing).isNotNull();
        assertThat(String.valueOf(tracing == null ? null : tracing.openTelemetry()))
                .contains("OtlpHttpSpanExporter", "pgmosaic-router");
        if (tracing != null) {
            tracing.close();
        }
    }
}
