package io.pgmosaic.operator.upkeep;

import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Has all shards be looked at every few seconds, while this replica leads, for what was left half done. */
public final class Upkeep implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Upkeep.class);
    private static final long EVERY_SECONDS = 10;
    private static final int SHARDS_AT_ONCE = 32;

    private record Kept(String what, Work work, ShardRounds rounds) {}

    private final List<Kept> all;
    private final BooleanSupplier leads;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("upkeep").daemon().factory());

    private @Nullable ScheduledFuture<?> looks;

    /** What is to be looked after. */
    public interface Work {
        /**
         * Begins a look at each shard that it concerns. Does not wait for it.
         *
         * @param leads whether this replica may go on
         */
        void begin(BooleanSupplier leads, ShardRounds rounds);
    }

    /** @param works by what a shard is looked at for, as a log calls it */
    public Upkeep(Map<String, Work> works, BooleanSupplier leads) {
        this.all = works.entrySet().stream()
                .map(work -> new Kept(work.getKey(), work.getValue(), new ShardRounds(work.getKey(), SHARDS_AT_ONCE)))
                .toList();
        this.leads = leads;
    }

    public void start() {
        looks = thread.scheduleWithFixedDelay(this::look, EVERY_SECONDS, EVERY_SECONDS, TimeUnit.SECONDS);
    }

    private void look() {
        for (Kept kept : all) {
            try {
                kept.work().begin(leads, kept.rounds());
            } catch (RuntimeException e) {
                LOG.warnf(e, "%s of the clusters could not be looked at; it is tried again", kept.what());
            }
        }
    }

    @Override
    public void close() {
        if (looks != null) {
            looks.cancel(true);
        }
        thread.shutdownNow();
        all.forEach(kept -> kept.rounds().close());
    }
}
