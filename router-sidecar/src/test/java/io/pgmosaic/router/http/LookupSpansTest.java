package io.pgmosaic.router.http;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.pgmosaic.router.harness.FakeOperator;
import io.pgmosaic.router.harness.RunningRouter;
import io.pgmosaic.router.harness.TestAuthority;
import io.pgmosaic.router.harness.Topologies;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class LookupSpansTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String PARENT = "00-" + TRACE + "-00f067aa0ba902b7-01";

    private final InMemorySpanExporter spans = InMemorySpanExporter.create();

    @Test
    void tellsOfLookupsAndScatteredQueriesInTheCallersTrace(@TempDir Path folder) {
        TestAuthority authority = new TestAuthority();
        SdkTracerProvider provider = SdkTracerProvider.builder()
                .addSpanProcessor(SimpleSpanProcessor.create(spans))
                .build();
        try (FakeOperator operator = new FakeOperator(
                        authority.serverContext("pgmosaic-operator-topology"),
                        RunningRouter.TOKEN,
                        Topologies.NAMESPACE,
                        Topologies.CLUSTER);
                OpenTelemetrySdk sdk =
                        OpenTelemetrySdk.builder().setTracerProvider(provider).build()) {
            operator.publish(Topologies.healthy());
            RunningRouter.secret(folder, authority.caPem(), RunningRouter.TOKEN);
            try (RunningRouter router = RunningRouter.start(folder, sdk, operator.url())) {
                await().until(() -> router.get("/readyz").status() == 200);
                String name = router.get("/v1/hotkeys?table=accounts&key=celebrity")
                        .body()
                        .at("/tables/0/keys/0/name")
                        .asText();
                spans.reset();

                router.get(
                        "/v1/route?table=accounts&key=celebrity&intent=read&consistency=strong", "traceparent", PARENT);
                SpanData lookup = only();
                assertThat(lookup.getName()).isEqualTo("shard_lookup");
                assertThat(lookup.getTraceId()).isEqualTo(TRACE);
                assertThat(lookup.getParentSpanId()).isEqualTo("00f067aa0ba902b7");
                assertThat(text(lookup, "shard.id")).startsWith("s");
                assertThat(text(lookup, "shard.key")).isEqualTo(name);
                assertThat(text(lookup, "shard.consistency")).isEqualTo("strong");
                assertThat(text(lookup, "shard.server")).startsWith("orders-s");
                assertThat(lookup.toString()).doesNotContain("celebrity");
                assertThat(lookup.getEndEpochNanos()).isGreaterThanOrEqualTo(lookup.getStartEpochNanos());

                router.get("/v1/route?table=accounts&key=");
                SpanData refused = only();
                assertThat(refused.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
                assertThat(text(refused, "error.type")).isEqualTo("urn:pgmosaic:problem:invalid-key");
                assertThat(refused.getTraceId()).isNotEqualTo(TRACE);

                router.post("/v1/route", "{\"table\": \"orders\", \"keys\": [1, 2, 3]}");
                assertThat(number(only(), "batch.key_count")).isEqualTo(3);

                router.get("/v1/shards");
                assertThat(number(only(), "scatter.shard_count")).isEqualTo(2);

                router.post("/v1/outcomes", "{\"scatters\": [{\"shards\": 2, \"durationMillis\": 250, \"rows\": 42}]}");
                SpanData scattered = only();
                assertThat(scattered.getName()).isEqualTo("scatter_gather");
                assertThat(number(scattered, "gather.total_rows")).isEqualTo(42);
                assertThat(scattered.getEndEpochNanos() - scattered.getStartEpochNanos())
                        .isBetween(TimeUnit.MILLISECONDS.toNanos(249), TimeUnit.MILLISECONDS.toNanos(251));
            }
        }
    }

    private SpanData only() {
        await().until(() -> !spans.getFinishedSpanItems().isEmpty());
        List<SpanData> finished = List.copyOf(spans.getFinishedSpanItems());
        spans.reset();
        assertThat(finished).hasSize(1);
        return finished.getFirst();
    }

    private static @Nullable String text(SpanData span, String name) {
        return span.getAttributes().get(AttributeKey.stringKey(name));
    }

    private static @Nullable Long number(SpanData span, String name) {
        return span.getAttributes().get(AttributeKey.longKey(name));
    }
}
