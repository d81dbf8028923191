package io.pgmosaic.operator.migration.sql;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SqlFragmentTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "total = price * amount",
                "a = extract(year FROM b), c = (SELECT d FROM e WHERE e.id = 1)",
                "a = b IS DISTINCT FROM c",
                "a = 'x; WHERE y' -- not the end"
            })
    void letsASetListThrough(String text) {
        assertThatCode(() -> SqlFragment.requireSetList(text)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a = b, C = (SELECT d FROM e WHERE f = g)            | a c",
                "\"A\"\"x\" = b = c                                    | A\"x",
                "(a, b) = (SELECT c, d FROM e), f[1] = g, h.i = j    | a b f h",
                "a = CASE WHEN b = c THEN d ELSE e END /* , f = 1 */ | a"
            })
    void tellsWhichColumnsAreSet(String text, String columns) throws RefusedSqlException {
        assertThat(SqlFragment.columnsSet(text)).containsExactlyInAnyOrder(columns.split(" ", -1));
    }

    @ParameterizedTest
    @CsvSource({
        "a = 1 WHERE true, where",
        "a = u.x FROM u, subquery",
        "a = 1 RETURNING a, where",
        "a = 1; DROP TABLE t, semicolon",
        "a = 1) WHERE (true, parentheses",
        "a = (1, parentheses",
        "'a = set_config(''role'', ''x'', true)', session",
        "-- nothing, empty",
        "a = 1 /*, is not ended"
    })
    void refusesWhatIsMoreThanASetList(String text, String reason) {
        assertThatThrownBy(() -> SqlFragment.requireSetList(text))
                .isInstanceOf(RefusedSqlException.class)
                .hasMessageContaining(reason);
    }

    @ParameterizedTest
    @CsvSource({"a) OR (true, parentheses", "a = 1; COMMIT, semicolon", "' ', empty", "a = 'x, is not ended"})
    void refusesWhatIsMoreThanACondition(String text, String reason) {
        assertThatThrownBy(() -> SqlFragment.requireCondition(text))
                .isInstanceOf(RefusedSqlException.class)
                .hasMessageContaining(reason);
    }
}
