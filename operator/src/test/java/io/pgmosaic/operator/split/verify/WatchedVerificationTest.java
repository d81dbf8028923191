package io.pgmosaic.operator.split.verify;

import io.pgmosaic.operator.split.MovingTable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** A comparison is held up and given up on request, tells how far it is, and compares what it is told to. */
class WatchedVerificationTest {
    private static final MovingTable SOME = new MovingTable("public", "items", "t.id <= 90000", "id <= 90000", false);
    private static final String SCHEMA = "CREATE TABLE items (id int PRIMARY KEY, note text);"
            + " INSERT INTO items SELECT i, repeat('x', 50) FROM generate_series(1, 100000) AS i;";

    @Test
    void pausesBetweenChunksAndCancels() throws Exception {
        AtomicBoolean paused = new AtomicBoolean();
        AtomicBoolean cancelled = new AtomicBoolean();
        TestWatch watch = new TestWatch() {
            @Override
            public Optional<String> pause() {
                // From the third chunk on.
                paused.compareAndSet(false, told.size() >= 3);
                return paused.get() ? Optional.of("the sender has too much to do") : Optional.empty();
            }

            @Override
            public boolean cancelled() {
                return cancelled.get();
            }
        };
        try (StreamedPair pair = new StreamedPair(SCHEMA, SOME);
                ExecutorService threads = Executors.newSingleThreadExecutor()) {
            Future<Verdict> comparison = threads.submit(() -> pair.verify(false, watch));
            await().atMost(Duration.ofSeconds(30)).until(paused::get);
            cancelled.set(true);
            assertThat(comparison.get(20, TimeUnit.SECONDS)).isInstanceOf(Verdict.Cancelled.class);
            assertThat(watch.told.getLast().fraction()).isBetween(0.01, 0.99);
            assertThat(pair.sender.one(
                            "SELECT count(*) FROM pg_stat_activity WHERE datname = '" + pair.sender.database()
                                    + "' AND usename = 'mosaic_move' AND state = 'idle in transaction'"))
                    .isEqualTo("0");
        }
    }

    @Test
    void tellsHowFarItIs() throws Exception {
        try (StreamedPair pair = new StreamedPair(SCHEMA, SOME)) {
            pair.receiver.damage("DELETE FROM items WHERE id > 90000");
            TestWatch watch = new TestWatch();
            assertThat(((Verdict.Verified) pair.verify(false, watch)).rows()).isEqualTo(90_000);
            List<Double> fractions = watch.told.stream().map(Progress::fraction).toList();
            assertThat(fractions).isSorted().hasSizeGreaterThan(6);
            assertThat(watch.told.getLast().rows()).isEqualTo(90_000);
        }
    }

    /** The shard to which rows come back has others, too. */
    @Test
    void othersAtTheReceiver() throws Exception {
        try (StreamedPair pair = new StreamedPair(SCHEMA, SOME)) {
            Verdict.Different different = (Verdict.Different) pair.verify(false, new TestWatch());
            assertThat(different.isComplete()).isFalse();
            VerificationRequest all = pair.request(false);
            VerificationRequest ofPart =
                    new VerificationRequest(all.names(), all.direction(), all.tables(), true, false, 1, all.patience());
            assertThat(Verification.run(ofPart, pair.sender, pair.receiver, new TestWatch()))
                    .isInstanceOf(Verdict.Verified.class);
        }
    }

    @Test
    void aStreamThatIsDownIsNotWaitedForEternally() throws Exception {
        try (StreamedPair pair = new StreamedPair(SCHEMA, SOME)) {
            pair.receiver.execute("ALTER SUBSCRIPTION " + pair.names.forward() + " DISABLE");
            VerificationRequest all = pair.request(false);
            VerificationRequest soon = new VerificationRequest(
                    all.names(), all.direction(), all.tables(), true, false, 1, Duration.ofMillis(500));
            assertThatThrownBy(() -> Verification.run(soon, pair.sender, pair.receiver, new TestWatch()))
                    .isInstanceOf(StreamLateException.class)
                    .hasMessageContaining(pair.names.forward());
        }
    }
}
