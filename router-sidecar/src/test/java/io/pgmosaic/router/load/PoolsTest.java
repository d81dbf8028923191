package io.pgmosaic.router.load;

import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import static org.assertj.core.api.Assertions.assertThat;

class PoolsTest {
    private final AtomicLong nanos = new AtomicLong();
    private final Pools pools = new Pools(nanos::get);

    @Test
    void addsUpWhatEachClientSaidLastAndForgetsTheSilent() {
        pools.report("a", Map.of("s0", new PoolState(9, 9, 9)));
        pools.report("a", Map.of("s0", new PoolState(1, 2, 3)));
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(50));
        pools.report("b", Map.of("s0", new PoolState(10, 20, 30), "s1", new PoolState(1, 0, 0)));
        assertThat(pools.of("s0")).isEqualTo(new PoolState(11, 22, 33));
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(11));
        assertThat(pools.of("s0")).isEqualTo(new PoolState(10, 20, 30));
        assertThat(pools.of("s2")).isEqualTo(PoolState.NONE);
    }

    @Test
    void remembersNoMoreClientsThanAPodHas() {
        for (int i = 0; i < 1_000; i++) {
            pools.report("client" + i, Map.of("s0", new PoolState(1, 0, 0)));
        }
        assertThat(pools.of("s0").active()).isEqualTo(64);
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(61));
        pools.report("later", Map.of("s0", new PoolState(1, 0, 0)));
        assertThat(pools.of("s0").active()).isEqualTo(1);
    }
}
