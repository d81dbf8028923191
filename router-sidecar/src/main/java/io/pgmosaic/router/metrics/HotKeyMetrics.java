package io.pgmosaic.router.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.pgmosaic.router.hotkeys.HotKeys;

/** How uneven lookups are, table by table; a key is never a label. */
public final class HotKeyMetrics {
    private final MeterRegistry registry;

    public HotKeyMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    public void watch(String table, HotKeys hotKeys) {
        Gauge.builder("pgmosaic.router.hot.key.share", hotKeys, keys -> keys.topShare(table, System.nanoTime()))
                .description("Share of the table's lookups that its most looked-up key has, at least")
                .tag("table", table)
                .register(registry);
    }
}
