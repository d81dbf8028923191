package io.pgmosaic.router.load;

import io.pgmosaic.protocol.topology.LoadShedding;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;

/** Lets lookups of one shard pass, or not, by what clients report of it. Thread-safe. */
final class ShardGate {
    private static final long INTERVAL = TimeUnit.SECONDS.toNanos(1);
    /** Fewer say little; they are looked at together with those of the next interval. */
    private static final int ENOUGH = 10;

    private static final long SILENCE = TimeUnit.SECONDS.toNanos(5);

    private final RefusalController controller = new RefusalController();
    private final LatencySample sample = new LatencySample();
    private final LongAdder[] came = new LongAdder[Priority.HIGHEST];
    private final double[] offered = new double[Priority.HIGHEST];
    private final LongAdder refused = new LongAdder();
    private long observedAt;
    private long heardAt;
    private volatile long dueAt;
    private volatile Refusals refusals = Refusals.NONE;

    ShardGate(long now) {
        for (int i = 0; i < came.length; i++) {
            came[i] = new LongAdder();
        }
        observedAt = now;
        heardAt = now;
        dueAt = now + INTERVAL;
    }

    /** Statements that ended with an error tell nothing: some errors are quick. */
    synchronized void report(StatementOutcome outcome, LoadShedding policy, boolean unasked, long now) {
        heardAt = now;
        if (outcome.result() != StatementResult.ERROR) {
            long patience =
                    outcome.result() == StatementResult.TIMEOUT ? TimeUnit.MILLISECONDS.toNanos(policy.maxMillis()) : 0;
            sample.add(Math.max(outcome.nanos(), patience), outcome.count());
        }
        if (unasked) {
            came[outcome.priority() - Priority.LOWEST].add(outcome.count());
        }
        step(policy, now);
    }

    boolean admits(int priority, LoadShedding policy, long now, RandomGenerator random) {
        came[priority - Priority.LOWEST].increment();
        if (now - dueAt >= 0) {
            synchronized (this) {
                step(policy, now);
            }
        }
        double probability = refusals.of(priority);
        if (probability == 0 || random.nextDouble() >= probability) {
            return true;
        }
        refused.increment();
        return false;
    }

    Refusals refusals() {
        return refusals;
    }

    /** Of all lookups, which share is to be refused now. */
    synchronized double share() {
        return controller.share();
    }

    LongAdder refused() {
        return refused;
    }

    private void step(LoadShedding policy, long now) {
        if (now - dueAt < 0) {
            return;
        }
        dueAt = now + INTERVAL;
        boolean silent = now - heardAt >= SILENCE;
        if (silent) {
            controller.silence();
            sample.clear();
            observedAt = now;
        } else if (sample.size() >= ENOUGH || (sample.size() > 0 && now - observedAt >= SILENCE)) {
            controller.observe(sample.median(), (now - observedAt) / (double) INTERVAL, policy);
            sample.clear();
            observedAt = now;
        }
        for (int i = 0; i < came.length; i++) {
            offered[i] = (offered[i] + came[i].sumThenReset()) / 2;
        }
        refusals = controller.share() == 0
                ? Refusals.NONE
                : Refusals.of(controller.share(), offered, controller.isPastMaximum());
    }
}
