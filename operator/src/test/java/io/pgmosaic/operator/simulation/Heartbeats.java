package io.pgmosaic.operator.simulation;

import org.jspecify.annotations.Nullable;

/** What a standby's manager says to the one that it follows, and hears from it. */
final class Heartbeats {
    private final Shard shard;
    private final Instance instance;
    private long heardAt = -1;
    private boolean refused;
    /** The upstream's time when it last answered, and in which of its lives; -1 before. */
    private long token = -1;

    private int tokenBoot;

    Heartbeats(Shard shard, Instance instance) {
        this.shard = shard;
        this.instance = instance;
    }

    void forget() {
        heardAt = -1;
        refused = false;
        token = -1;
    }

    /** A token that is handed back says that nothing higher was promised when it was given out. */
    void send() {
        Instance to = instance.upstream;
        if (to == null || !instance.acts() || instance.isBlank()) {
            return;
        }
        refused = !to.up && shard.network.bothWays(instance.number, to.number);
        if (!to.acts() || !shard.network.carries(instance.number, to.number)) {
            return;
        }
        if (to.primary != null && instance.promised > to.assigned) {
            to.stop();
        } else if (to.primary != null && token >= 0 && tokenBoot == to.boot) {
            to.lease.byPeer(instance.number, token);
        }
        if (shard.network.carries(to.number, instance.number)) {
            token = to.localNow();
            tokenBoot = to.boot;
            heardAt = to.isPrimary() && to.assigned == instance.assigned ? shard.now : heardAt;
        }
    }

    @Nullable
    Long silence() {
        return heardAt < 0 ? null : Long.valueOf(shard.now - heardAt);
    }

    boolean isRefused() {
        return refused;
    }
}
