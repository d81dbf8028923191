package io.pgmosaic.local.chaos;

import io.pgmosaic.checker.consistency.ConsistencyClient;
import io.pgmosaic.checker.consistency.ConsistencyLog;
import io.pgmosaic.checker.consistency.Counters;
import io.pgmosaic.checker.consistency.Guarantee;
import io.pgmosaic.checker.consistency.GuaranteedRouter;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** Applications that check read guarantees, at work until they are closed, while replicas are held up now and then. */
final class Readers implements AutoCloseable {
    private static final long KEYS = 1_000;
    private static final AtomicLong RUNS = new AtomicLong();

    private final AtomicBoolean ended = new AtomicBoolean();
    private final ExecutorService hands = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<?>> running = new ArrayList<>();
    private final ConsistencyLog log;

    private Readers(ConsistencyLog log) {
        this.log = log;
    }

    /**
     * @param number an even one; 0 for none, and then no replica is held up
     * @param name of this run of them, unlike that of any before with this router
     */
    static Readers start(int number, String name, long seed, Patient patient, GuaranteedRouter router) {
        Counters counters = new Counters();
        // What a run before has left in the counters would hide how little is shown of what this one writes.
        long firstKey = KEYS * RUNS.getAndIncrement();
        Readers readers = new Readers(new ConsistencyLog(counters));
        SplittableRandom random = new SplittableRandom(seed);
        if (number > 0) {
            readers.running.add(readers.hands.submit(new Laggard(patient, random.split(), readers.ended)));
        }
        for (int i = 0; i < number; i++) {
            readers.running.add(readers.hands.submit(new ConsistencyClient(
                    firstKey,
                    i,
                    number,
                    name,
                    random.split(),
                    router,
                    patient.access(),
                    counters,
                    readers.log,
                    readers.ended)));
        }
        return readers;
    }

    ConsistencyLog log() {
        return log;
    }

    /** How often the guarantee was checked that was checked least. */
    long least() {
        return Arrays.stream(Guarantee.values()).mapToLong(log::checked).min().orElse(0);
    }

    /** Ends them and waits for it. */
    @Override
    public void close() {
        ended.set(true);
        hands.close();
        for (Future<?> client : running) {
            if (client.state() == Future.State.FAILED) {
                throw new IllegalStateException("a reader gave up", client.exceptionNow());
            }
        }
    }
}
