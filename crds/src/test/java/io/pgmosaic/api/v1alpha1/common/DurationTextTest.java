package io.pgmosaic.api.v1alpha1.common;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class DurationTextTest {
    @ParameterizedTest
    @CsvSource({"500ms,PT0.5S", "2s,PT2S", "90m,PT1H30M", "2160h,PT2160H", "0s,PT0S", "999999h,PT999999H"})
    void readsANumberAndAUnit(String text, Duration duration) {
        assertThat(DurationText.parse(text)).isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2", "s", "2 s", "-2s", "1h30m", "1.5s", "2d", "2s\n", "1000000h", "٢s"})
    void refusesAnythingElse(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> DurationText.parse(text));
    }
}
