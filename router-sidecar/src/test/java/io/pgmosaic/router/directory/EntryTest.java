package io.pgmosaic.router.directory;

import org.junit.jupiter.api.Test;

import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

class EntryTest {
    private static final long NOW = TimeUnit.HOURS.toNanos(1);

    private static Entry entry(String shard, int behindMillis, long agoMillis, long freshMillis) {
        return new Entry(
                shard,
                false,
                behindMillis,
                NOW - TimeUnit.MILLISECONDS.toNanos(agoMillis),
                NOW + TimeUnit.MILLISECONDS.toNanos(freshMillis));
    }

    @Test
    void whatAPrimarySaidOutlivesWhatAReplicaSaysAfterwards() {
        Entry primary = entry("s1", 0, 100, 1_000);
        assertThat(entry("s0", 200, 50, 1_000).orNewer(primary, NOW)).isSameAs(primary);
        assertThat(entry("s0", Entry.UNKNOWN, 50, 1_000).orNewer(primary, NOW)).isSameAs(primary);
        assertThat(entry("s0", 40, 50, 1_000).orNewer(primary, NOW).shard()).isEqualTo("s0");
        assertThat(entry("s0", 0, 50, 1_000).orNewer(primary, NOW).shard()).isEqualTo("s0");
        assertThat(entry("s0", 0, 150, 1_000).orNewer(primary, NOW)).isSameAs(primary);
        assertThat(entry("s0", 200, 50, 1_000)
                        .orNewer(entry("s1", 0, 100, 0), NOW)
                        .shard())
                .as("what is not believed any more has no say")
                .isEqualTo("s0");
    }

    @Test
    void isAsOldAsWhoeverSaidItWasBehind() {
        assertThat(entry("s0", 0, 100, 1).isWithin(100, NOW)).isTrue();
        assertThat(entry("s0", 1, 100, 1).isWithin(100, NOW)).isFalse();
        assertThat(entry("s0", Entry.UNKNOWN, 0, 1).isWithin(Long.MAX_VALUE - 1, NOW))
                .isFalse();
        assertThat(entry("s0", Entry.UNKNOWN, 0, 1).isWithin(Long.MAX_VALUE, NOW))
                .isTrue();
    }
}
