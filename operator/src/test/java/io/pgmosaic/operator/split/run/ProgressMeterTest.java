package io.pgmosaic.operator.split.run;

import io.pgmosaic.api.v1alpha1.split.SplitProgress;
import org.junit.jupiter.api.Test;

import java.time.Duration;

import static org.assertj.core.api.Assertions.assertThat;

class ProgressMeterTest {
    @Test
    void percentIsOfAllTablesTogether() {
        ProgressMeter meter = new ProgressMeter(400);
        meter.copied("orders", 50, 5_000);
        meter.copied("items", 50, 1_000);
        meter.copied("orders", 150, 15_000);
        SplitProgress progress = meter.progress();
        assertThat(progress.percent()).isEqualTo(50);
        assertThat(progress.rowsCopied()).isEqualTo(200);
        assertThat(progress.bytesCopied()).isEqualTo(16_000);
    }

    @Test
    void rowsThatCameAfterTheCountMakeNoMoreThanAll() {
        ProgressMeter meter = new ProgressMeter(100);
        meter.copied("orders", 130, 1);
        assertThat(meter.progress().percent()).isEqualTo(100);
        assertThat(meter.progress().rowsTotal()).isEqualTo(130);
        assertThat(new ProgressMeter(0).progress().percent()).isEqualTo(100);
    }

    @Test
    void oneCallerTellsAtATime() {
        ProgressMeter meter = new ProgressMeter(1);
        assertThat(meter.isDue()).isTrue();
        assertThat(meter.isDue()).isFalse();
    }

    @Test
    void timesAreAsAPersonReadsThem() {
        assertThat(ProgressMeter.text(Duration.ofSeconds(90))).isEqualTo("90s");
        assertThat(ProgressMeter.text(Duration.ofMinutes(90))).isEqualTo("90m");
        assertThat(ProgressMeter.text(Duration.ofMinutes(150))).isEqualTo("2h30m");
    }
}
