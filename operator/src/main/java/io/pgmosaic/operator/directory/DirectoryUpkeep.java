package io.pgmosaic.operator.directory;

import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Looks now and then, while this replica leads, whether changes of directories were left half done, and ends them. */
public final class DirectoryUpkeep implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(DirectoryUpkeep.class);
    private static final long EVERY_SECONDS = 10;
    private static final int SHARDS_AT_ONCE = 32;

    private final Directories directories;
    private final BooleanSupplier leads;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("directories").daemon().factory());

    private final ShardRounds rounds = new ShardRounds(SHARDS_AT_ONCE);

    private @Nullable ScheduledFuture<?> looks;

    public DirectoryUpkeep(Directories directories, BooleanSupplier leads) {
        this.directories = directories;
        this.leads = leads;
    }

    public void start() {
        looks = thread.scheduleWithFixedDelay(this::look, EVERY_SECONDS, EVERY_SECONDS, TimeUnit.SECONDS);
    }

    private void look() {
        try {
            directories.finish(leads, rounds);
        } catch (RuntimeException e) {
            LOG.warn("directories could not be looked at; it is tried again", e);
        }
    }

    @Override
    public void close() {
        if (looks != null) {
            looks.cancel(true);
        }
        thread.shutdownNow();
        rounds.close();
    }
}
