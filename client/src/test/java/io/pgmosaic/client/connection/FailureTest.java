package io.pgmosaic.client.connection;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;

import static org.assertj.core.api.Assertions.assertThat;

/** Which failures are a reason to go elsewhere. */
class FailureTest {
    private static final DatabaseServer SERVER = new DatabaseServer("s0", "shop-s0-0", "10.0.0.1", 5432, "app");

    @ParameterizedTest
    @CsvSource({
        "MO001, NOT_OWNED",
        "25006, READ_ONLY",
        "08006, LOST",
        "08003, LOST",
        "57P01, LOST",
        "57P02, LOST",
        "57P03, LOST",
        "08007, OTHER",
        "40001, OTHER",
        "57014, OTHER",
        "23505, OTHER"
    })
    void ofStatements(String state, Failure expected) {
        assertThat(Failure.of(new SQLException("x", state))).isEqualTo(expected);
        assertThat(Failure.of(new IllegalStateException(new SQLException("x", state))))
                .isEqualTo(expected);
    }

    @Test
    void anUnknownOutcomeStaysOneWhateverCausedIt() {
        assertThat(Failure.of(new SQLException("x", "08007", new SQLException("y", "08006"))))
                .isEqualTo(Failure.OTHER);
    }

    @ParameterizedTest
    @CsvSource({"08001, LOST", "57P03, LOST", "53300, LOST", "28000, LOST", "28P01, OTHER", "3D000, OTHER"})
    void ofConnecting(String state, Failure expected) {
        SQLException cause = new SQLException("x", state);
        assertThat(Failure.of(Failure.whileConnecting(SERVER, cause))).isEqualTo(expected);
        // As a pool that waited for a connection says it.
        assertThat(Failure.of(Failure.whileConnecting(
                        SERVER, new SQLTransientConnectionException("timed out after 1000ms", state, cause))))
                .isEqualTo(expected);
    }
}
