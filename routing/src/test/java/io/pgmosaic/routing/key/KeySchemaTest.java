package io.pgmosaic.routing.key;

import io.pgmosaic.routing.key.InvalidKeyException.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.UUID;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class KeySchemaTest {
    private static final KeySchema COMPOUND =
            KeySchema.of(new KeyColumn("tenant", KeyType.TEXT), new KeyColumn("id", KeyType.BIGINT));

    @Test
    void readsOneTextPerColumn() {
        assertThat(COMPOUND.parse(List.of("", "-9223372036854775808")))
                .isEqualTo(Key.of(new KeyValue.Text(""), new KeyValue.Bigint(Long.MIN_VALUE)));
    }

    @Test
    void uuidIgnoresCase() {
        UUID uuid = UUID.fromString("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11");
        assertThat(KeyType.UUID.parse("A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11")).isEqualTo(new KeyValue.Uuid(uuid));
    }

    @Test
    void equalNumbersAreEqualKeysHoweverWritten() {
        assertThat(KeyType.BIGINT.parse("-007")).isEqualTo(new KeyValue.Bigint(-7));
    }

    @Test
    void equalTimesAreEqualKeysWhateverTheirOffset() {
        assertThat(KeyType.TIMESTAMPTZ.parse("2026-01-31T13:30:00+01:30"))
                .isEqualTo(KeyType.TIMESTAMPTZ.parse("2026-01-31T12:00:00.000000Z"));
    }

    @ParameterizedTest
    @CsvSource({
        "BIGINT, '', EMPTY",
        "BIGINT, abc, WRONG_TYPE",
        "BIGINT, +1, WRONG_TYPE",
        "BIGINT, ' 1', WRONG_TYPE",
        "BIGINT, 1.0, WRONG_TYPE",
        "BIGINT, -, WRONG_TYPE",
        "BIGINT, ١٢, WRONG_TYPE",
        "BIGINT, 9223372036854775808, OUT_OF_RANGE",
        "BIGINT, -9223372036854775809, OUT_OF_RANGE",
        "TIMESTAMPTZ, '', EMPTY",
        "TIMESTAMPTZ, 2026-01-31, WRONG_TYPE",
        "TIMESTAMPTZ, 2026-01-31T12:00:00, WRONG_TYPE",
        "TIMESTAMPTZ, 2026-02-30T12:00:00Z, WRONG_TYPE",
        "TIMESTAMPTZ, infinity, WRONG_TYPE",
        "TIMESTAMPTZ, +10000-01-01T00:00:00Z, OUT_OF_RANGE",
        "TIMESTAMPTZ, 0000-12-31T23:59:59Z, OUT_OF_RANGE",
        "TIMESTAMPTZ, 2026-01-31T12:00:00.1234567Z, OUT_OF_RANGE",
        "UUID, '', EMPTY",
        "UUID, 1-1-1-1-1, WRONG_TYPE",
        "UUID, a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1, WRONG_TYPE",
        "UUID, a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a111, WRONG_TYPE",
        "UUID, g0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11, WRONG_TYPE",
        "UUID, a0eebc9909c0b-4ef8-bb6d-6bb9bd380a11, WRONG_TYPE",
    })
    void refusesWhatIsNoValueAndNamesColumnAndReason(KeyType type, String text, Reason reason) {
        KeySchema schema = KeySchema.of(new KeyColumn("order_id", type));
        InvalidKeyException refusal =
                catchThrowableOfType(InvalidKeyException.class, () -> schema.parse(List.of(text)));
        assertThat(refusal.reason()).isEqualTo(reason);
        assertThat(refusal).hasMessageStartingWith("key column order_id ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\0b", "\uD83D"})
    void refusesTextThatPostgresqlCannotHold(String text) {
        InvalidKeyException refusal = catchThrowableOfType(InvalidKeyException.class, () -> KeyType.TEXT.parse(text));
        assertThat(refusal.reason()).isEqualTo(Reason.ILL_FORMED);
    }

    @Test
    void refusesTheWrongNumberOfColumns() {
        InvalidKeyException refusal =
                catchThrowableOfType(InvalidKeyException.class, () -> COMPOUND.parse(List.of("a")));
        assertThat(refusal.reason()).isEqualTo(Reason.WRONG_COUNT);
        assertThat(refusal).hasMessage("the key has 2 columns (tenant, id), but 1 value was given");
    }

    @Test
    void doesNotRepeatAHugeKeyInTheMessage() {
        InvalidKeyException refusal =
                catchThrowableOfType(InvalidKeyException.class, () -> KeyType.BIGINT.parse("x".repeat(1 << 20)));
        assertThat(refusal.getMessage()).hasSizeLessThan(200).contains("1048576 characters");
        assertThat(KeyType.TEXT.parse("x".repeat(1 << 20)).text()).hasSize(1 << 20);
    }

    @Test
    void refusesSchemasWithoutColumnsOrWithOneTwice() {
        assertThatIllegalArgumentException().isThrownBy(KeySchema::of);
        KeyColumn column = new KeyColumn("a", KeyType.TEXT);
        assertThatIllegalArgumentException().isThrownBy(() -> KeySchema.of(column, column));
    }
}
