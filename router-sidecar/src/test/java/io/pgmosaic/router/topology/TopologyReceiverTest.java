package io.pgmosaic.router.topology;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pgmosaic.protocol.Json;
import io.pgmosaic.protocol.topology.ClusterTopology;
import io.pgmosaic.protocol.topology.ShardTopology;
import io.pgmosaic.protocol.topology.TopologyEvent;
import io.pgmosaic.router.harness.Topologies;
import io.pgmosaic.router.log.JsonLog;
import io.pgmosaic.router.lookup.ShardAnswers;
import io.pgmosaic.router.lookup.TableFactory;
import io.pgmosaic.router.metrics.LookupMetrics;
import io.pgmosaic.router.metrics.TopologyMetrics;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import static io.pgmosaic.router.harness.Topologies.headless;
import static io.pgmosaic.router.harness.Topologies.healthy;
import static io.pgmosaic.router.harness.Topologies.map;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What becomes of lines, of what servers were found to be, and of both after a restart. */
class TopologyReceiverTest {
    private static final Instant START = Instant.parse("2026-05-04T10:00:00Z");

    @TempDir
    private Path folder;

    private volatile Instant now = START;
    private final TopologyMetrics metrics = new TopologyMetrics(new SimpleMeterRegistry());
    private final List<TopologyReceiver> started = new ArrayList<>();
    private final AtomicInteger begunAnew = new AtomicInteger();
    private TopologyView view = new TopologyView(Clock.systemUTC());
    private volatile @Nullable KnownTopology knownWhenPublished;

    @AfterEach
    void stop() {
        started.forEach(TopologyReceiver::stop);
    }

    /** The position that it asked to go on from is of a state that it has no more. */
    @Test
    void beginsAnewWhenWhatItHadWasRevisedBeforeTheOperatorWentOn() {
        TopologyReceiver receiver = receiver();
        open(receiver);
        receiver.line(line(new TopologyEvent.Snapshot(topology(1), "e1.7")));
        assertThat(revise(receiver, healthy("s1", 2)))
                .as("while an operator is heard")
                .isFalse();

        open(receiver);
        assertThat(receiver.position()).isEqualTo("e1.7");
        assertThat(revise(receiver, healthy("s1", 2))).isTrue();
        receiver.line(line(new TopologyEvent.Resumed("e1.7")));
        assertThat(revise(receiver, healthy("s1", 3)))
                .as("it is not in step, so servers are still believed")
                .isTrue();
        assertThat(begunAnew).hasValue(1);
        assertThat(receiver.position()).isNull();

        open(receiver);
        receiver.line(line(new TopologyEvent.Snapshot(topology(3), "e1.7")));
        assertThat(revise(receiver, healthy("s1", 4))).isFalse();
        open(receiver);
        receiver.line(line(new TopologyEvent.Resumed("e1.8")));
        assertThat(revise(receiver, healthy("s1", 4))).as("in step").isFalse();
        assertThat(begunAnew).hasValue(1);
        assertThat(receiver.position()).isEqualTo("e1.8");
    }

    @Test
    void tellsAfterARestartHowOldWhatItKnowsIsAndWhatTheServersSaidThemselves() {
        TopologyReceiver receiver = receiver();
        open(receiver);
        receiver.line(line(new TopologyEvent.Snapshot(topology(1))));
        settle(receiver);
        now = START.plusSeconds(10);
        receiver.line(line(new TopologyEvent.Heartbeat(now)));
        settle(receiver);
        now = START.plus(Duration.ofHours(1));
        open(receiver);
        assertThat(revise(receiver, healthy("s1", 2))).isTrue();
        restart(receiver, START.plus(Duration.ofHours(2)));

        assertThat(view.source()).isEqualTo(TopologyView.Source.DISK);
        assertThat(view.age())
                .as("since an operator was heard")
                .isEqualTo(Duration.ofHours(2).minusSeconds(10));
        assertThat(answers("s1").foundAt()).isEqualTo(START.plus(Duration.ofHours(1)));
        assertThat(answers("s0").foundAt()).as("what an operator told").isNull();
        assertThat(knownWhenPublished)
                .as("for those who look when it is published")
                .isNotNull();
    }

    @Test
    void doesNotKeepThatServersWereAskedOnceAnOperatorSaidTheSame() {
        TopologyReceiver receiver = receiver();
        open(receiver);
        receiver.line(line(new TopologyEvent.Snapshot(topology(1))));
        open(receiver);
        assertThat(revise(receiver, healthy("s0", 5))).isTrue();
        assertThat(revise(receiver, headless("s1", 2, "found so"))).isTrue();
        receiver.line(line(new TopologyEvent.ShardChanged(headless("s1", 2, "found so"))));
        TopologyReceiver restarted = restart(receiver, START.plusSeconds(1));
        assertThat(answers("s0").foundAt()).isEqualTo(START);
        assertThat(answers("s1").foundAt()).isNull();

        open(restarted);
        restarted.line(line(
                new TopologyEvent.Snapshot(Topologies.of(map(1), healthy("s0", 5), headless("s1", 2, "found so")))));
        restart(restarted, START.plusSeconds(2));
        assertThat(answers("s0").foundAt()).isNull();
    }

    /** A crash leaves what was stored last, and that names the servers that were found as found. */
    @Test
    void storesThatAnOperatorSaidTheSameWithoutWaitingForAChange() throws IOException {
        TopologyReceiver receiver = receiver();
        open(receiver);
        receiver.line(line(new TopologyEvent.Snapshot(topology(1))));
        open(receiver);
        assertThat(revise(receiver, healthy("s1", 2))).isTrue();
        assertThat(Files.readString(file())).contains("\"found\":{\"s1\":");
        receiver.line(line(new TopologyEvent.ShardChanged(healthy("s1", 2))));
        await().untilAsserted(() -> assertThat(Files.readString(file())).contains("\"found\":{}"));
    }

    @Test
    void readsAFileThatSaysNothingOfWhoWasHeard() throws IOException {
        KnownTopology known = TopologyMerge.snapshot(null, topology(4)).known();
        Files.createDirectories(folder);
        Files.write(file(), Json.write(Map.of("known", known, "savedAt", START)));
        now = START.plusSeconds(30);
        receiver();
        assertThat(view.age()).isEqualTo(Duration.ofSeconds(30));
        assertThat(answers("s1").topology().term()).isEqualTo(4);
        assertThat(answers("s1").foundAt()).isNull();
    }

    private Path file() {
        return folder.resolve("topology.json");
    }

    private TopologyReceiver restart(TopologyReceiver receiver, Instant at) {
        started.remove(receiver);
        receiver.stop();
        now = at;
        return receiver();
    }

    private TopologyReceiver receiver() {
        Clock clock = clock();
        JsonLog silent = new JsonLog(new PrintStream(OutputStream.nullOutputStream(), false, UTF_8), clock, Map.of());
        view = new TopologyView(clock);
        TopologyReceiver receiver = new TopologyReceiver(
                new TopologyCheck(Topologies.NAMESPACE, Topologies.CLUSTER),
                new TopologyStore(new TopologyFile(folder), metrics, silent),
                view,
                new TableFactory(new LookupMetrics(new SimpleMeterRegistry()), 1),
                metrics,
                silent,
                clock);
        view.whenPublished(() -> knownWhenPublished = receiver.known());
        receiver.start();
        started.add(receiver);
        return receiver;
    }

    private Clock clock() {
        InstantSource source = () -> now;
        return source.withZone(ZoneOffset.UTC);
    }

    private void open(TopologyReceiver receiver) {
        receiver.opened(millis -> {}, begunAnew::incrementAndGet);
    }

    private static boolean revise(TopologyReceiver receiver, ShardTopology found) {
        CompletableFuture<Boolean> changed = new CompletableFuture<>();
        receiver.revise(found.shard(), (known, term) -> found, changed::complete);
        return changed.join();
    }

    /** Returns when all lines before are applied. */
    private static void settle(TopologyReceiver receiver) {
        CompletableFuture<Boolean> applied = new CompletableFuture<>();
        receiver.revise("no shard", (known, term) -> known, applied::complete);
        applied.join();
    }

    private ShardAnswers answers(String shard) {
        return requireNonNull(requireNonNull(view.table()).shard(shard));
    }

    private static ClusterTopology topology(long term) {
        return Topologies.of(map(1), healthy("s0", 1), healthy("s1", term));
    }

    private static byte[] line(TopologyEvent event) {
        return Json.write(event);
    }
}
