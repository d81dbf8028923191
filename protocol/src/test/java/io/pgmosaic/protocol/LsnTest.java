package io.pgmosaic.protocol;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class LsnTest {
    @ParameterizedTest
    @ValueSource(strings = {"0/0", "0/16B3748", "16/B374D848", "FFFFFFFF/FFFFFFFF"})
    void printsWhatItParsed(String text) {
        assertThat(Lsn.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "0", "0/", "/0", "G/0", "0/123456789", "-1/0", "0/-1", "1/2/3"})
    void refusesWhatIsNoLsn(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Lsn.parse(text));
    }

    @Test
    void ordersAsUnsignedAndMeasuresBytes() {
        Lsn low = Lsn.parse("0/FFFFFFFF");
        Lsn high = Lsn.parse("1/0");
        assertThat(high).isGreaterThan(low);
        assertThat(high.minus(low)).isEqualTo(1);
        assertThat(Lsn.parse("FFFFFFFF/0")).isGreaterThan(high);
    }
}
