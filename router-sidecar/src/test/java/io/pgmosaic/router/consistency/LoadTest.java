package io.pgmosaic.router.consistency;

import org.junit.jupiter.api.Test;

import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

class LoadTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Load one = new Load();
    private final Load other = new Load();

    @Test
    void goesByReadsWhereNotBothAreReportedOf() {
        other.add(SECOND);
        assertThat(Load.isLess(one, other, SECOND)).isTrue();
        one.took(TimeUnit.MILLISECONDS.toNanos(500), SECOND);
        assertThat(Load.isLess(one, other, SECOND)).isTrue();
        assertThat(Load.isLess(other, one, SECOND)).isFalse();
    }

    @Test
    void goesByTheTimeThatReadsTakeWhereBothAre() {
        other.add(SECOND);
        one.took(TimeUnit.MILLISECONDS.toNanos(50), SECOND);
        other.took(TimeUnit.MILLISECONDS.toNanos(5), SECOND);
        assertThat(Load.isLess(other, one, SECOND))
                .as("two reads of 5 ms are less than one of 50")
                .isTrue();
        for (int i = 0; i < 20; i++) {
            other.add(SECOND);
        }
        assertThat(Load.isLess(other, one, SECOND)).isFalse();
        for (int i = 0; i < 50; i++) {
            one.took(TimeUnit.MILLISECONDS.toNanos(1), SECOND);
        }
        assertThat(Load.isLess(one, other, SECOND)).isTrue();
        long later = 12 * SECOND;
        one.add(later);
        assertThat(Load.isLess(one, other, later)).as("reports are too old").isFalse();
    }
}
