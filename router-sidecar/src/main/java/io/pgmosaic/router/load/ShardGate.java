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

    /** Statements that ended with an error tell nothing: some errors are quick. Those that were not sent tell of the demand alone. */
    synchronized void report(StatementOutcome outcome, LoadShedding policy, boolean unasked, long now) {
        switch (outcome.result()) {
            case OK -> heard(outcome.nanos(), outcome.count(), now);
            case TIMEOUT -> {
                long patience = TimeUnit.MILLISECONDS.toNanos(policy.maxMillis());
                heard(Math.max(outcome.nanos(), patience), outcome.count(), now);
            }
            case ERROR -> heardAt = now;
            case REFUSED -> {
                if (unasked) {
                    refused.add(outcome.count());
                }
            }
        }
        if (unasked) {
            came[outcome.priority() - Priority.LOWEST].add(outcome.count());
        }
        step(policy, now);
    }

    private void heard(long nanos, int count, long now) {
        heardAt = now;
        sample.add(nanos, count);
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

    Refusals refusals(long now) {
        endIfSilent(now);
        return refusals;
    }

    /** Of all lookups, which share is to be refused now. */
    synchronized double share(long now) {
        endIfSilent(now);
        return controller.share();
    }

    /** Nothing is refused any more, as if nobody had reported anything. */
    synchronized void end(long now) {
        controller.silence();
        sample.clear();
        observedAt = now;
        refusals = Refusals.NONE;
    }

    /** Also where no request and no report comes any more: nobody else would end the refusals. */
    private synchronized void endIfSilent(long now) {
        if (now - heardAt >= SILENCE) {
            end(now);
        }
    }

    LongAdder refused() {
        return refused;
    }

    private void step(LoadShedding policy, long now) {
        if (now - dueAt < 0) {
            return;
        }
        dueAt = now + INTERVAL;
        if (now - heardAt >= SILENCE) {
            end(now);
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
        controller.admits(1 - refusals.share(offered));
    }
}
