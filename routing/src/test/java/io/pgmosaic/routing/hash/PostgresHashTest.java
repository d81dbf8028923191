package io.pgmosaic.routing.hash;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class PostgresHashTest {
    @Test
    void givesTheReferenceNumbers() {
        assertThat(PostgresHash.bigint(42, 0)).isEqualTo(8010225493015854792L);
        assertThat(PostgresHash.text("user_12345", 0)).isEqualTo(5319333655121916891L);
    }

    @Test
    void hashesARangeOfBytesAsTheTextItHolds() {
        byte[] bytes = "--grün und lang genug für zwei Blöcke--".getBytes(StandardCharsets.UTF_8);
        assertThat(PostgresHash.bytes(bytes, 2, bytes.length - 4, 7))
                .isEqualTo(PostgresHash.text("grün und lang genug für zwei Blöcke", 7));
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> PostgresHash.bytes(bytes, 2, bytes.length, 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\0", "a\0", "\uD83D", "x\uDE00", "\uD83Dx", "\uDE00\uD83D", "\uD83D\uD83D\uDE00"})
    void refusesTextThatPostgresqlCannotHold(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> PostgresHash.text(text, 0));
    }
}
