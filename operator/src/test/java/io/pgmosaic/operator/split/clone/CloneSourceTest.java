package io.pgmosaic.operator.split.clone;

import io.pgmosaic.operator.split.SplitServer;
import io.pgmosaic.operator.split.preflight.CloneCheck;
import io.pgmosaic.operator.split.preflight.PreflightFinding;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(120)
class CloneSourceTest {
    private static SplitServer source;

    @BeforeAll
    static void open() throws Exception {
        var both = SplitServer.two();
        source = both.get(0);
        both.get(1).close();
    }

    @AfterAll
    static void close() {
        source.close();
    }

    @Test
    void everythingThatACloneCannotHaveIsTold() throws SQLException {
        CloneCheck sound = CloneCheck.of(source.database(), 0);
        assertThat(sound.findings()).isEmpty();
        assertThat(sound.bytes()).isGreaterThan(1_000_000);
        source.execute("CREATE DATABASE besides");
        source.execute("CREATE SUBSCRIPTION feed CONNECTION 'host=127.0.0.1 port=1' PUBLICATION p"
                + " WITH (connect = false, slot_name = NONE)");
        try (Connection session = source.connect();
                Statement statement = session.createStatement()) {
            statement.execute("SET allow_in_place_tablespaces = on");
            statement.execute("CREATE TABLESPACE fast LOCATION ''");
        }
        try {
            assertThat(CloneCheck.of(source.database(), 1_000).findings())
                    .satisfiesExactly(
                            disk -> assertThat(disk.message()).contains("a target has room for 1000"),
                            tablespace -> assertThat(tablespace.about()).isEqualTo("tablespace fast"),
                            feed -> assertThat(feed.about()).isEqualTo("subscription feed"),
                            database -> assertThat(database)
                                    .returns(false, PreflightFinding::isProblem)
                                    .returns("database besides", PreflightFinding::about));
        } finally {
            source.execute("DROP SUBSCRIPTION feed");
            source.execute("DROP TABLESPACE fast");
            source.execute("DROP DATABASE besides");
        }
    }

    @Test
    void whoDoesNotStreamIsNotNear() throws SQLException {
        assertThat(Followers.isNear(source.database(), "orders-s2-0", "mosaic_s_none_0_f", Long.MAX_VALUE))
                .isFalse();
    }
}
