package io.pgmosaic.router.tracing;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import io.pgmosaic.router.log.JsonLog;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** OpenTelemetry as the environment configures it. */
public final class Tracing implements AutoCloseable {
    /** One of these has to say where spans go; without any the specification's default is a collector on localhost, which few have. */
    private static final List<String> DESTINATIONS =
            List.of("OTEL_TRACES_EXPORTER", "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");

    /** The environment outranks these. Metrics are Prometheus' and logs go to standard output. */
    private static final Map<String, String> DEFAULTS = Map.of(
            "otel.service.name", "pgmosaic-router",
            "otel.exporter.otlp.protocol", "http/protobuf",
            "otel.metrics.exporter", "none",
            "otel.logs.exporter", "none");

    private static final int FLUSH_SECONDS = 2;

    private final OpenTelemetrySdk sdk;

    private Tracing(OpenTelemetrySdk sdk) {
        this.sdk = sdk;
    }

    /**
     * Null when nothing says where spans go, or they are switched off, or what is said cannot be done, which is logged: lookups
     * matter more than their spans.
     *
     * @param environment which decides whether there are spans; how they are made is read from the process's own
     */
    public static @Nullable Tracing start(Map<String, String> environment, JsonLog log) {
        if (!isWanted(environment)) {
            return null;
        }
        try {
            return new Tracing(AutoConfiguredOpenTelemetrySdk.builder()
                    .addPropertiesSupplier(() -> DEFAULTS)
                    .disableShutdownHook()
                    .build()
                    .getOpenTelemetrySdk());
        } catch (ConfigurationException | IllegalStateException e) {
            log.error(
                    "there are no traces, since the OTEL_ variables ask for what this router cannot do; it speaks OTLP over"
                            + " http/protobuf",
                    Map.of("cause", String.valueOf(e.getMessage())));
            return null;
        }
    }

    static boolean isWanted(Map<String, String> environment) {
        return !"true".equalsIgnoreCase(environment.get("OTEL_SDK_DISABLED"))
                && !"none".equals(environment.get("OTEL_TRACES_EXPORTER"))
                && DESTINATIONS.stream().map(environment::get).anyMatch(value -> value != null && !value.isBlank());
    }

    public OpenTelemetry openTelemetry() {
        return sdk;
    }

    /** Sends what is left, for two seconds at most. */
    @Override
    public void close() {
        sdk.shutdown().join(FLUSH_SECONDS, TimeUnit.SECONDS);
    }
}
