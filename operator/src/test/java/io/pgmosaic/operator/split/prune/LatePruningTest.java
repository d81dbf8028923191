package io.pgmosaic.operator.split.prune;

import io.pgmosaic.operator.split.SplitServer;
import io.pgmosaic.operator.split.schema.SplitBookkeeping;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** An operator that comes late takes nothing away. */
class LatePruningTest {
    private static final String LATER_MAP = "SET lock_timeout = '100ms'; UPDATE mosaic.shard_map SET version = 8";

    private static List<SplitServer> servers;
    private static SplitServer shard;

    @BeforeAll
    static void begin() throws Exception {
        servers = SplitServer.two();
        shard = servers.getFirst();
        SplitBookkeeping.ensure(shard.database());
    }

    @AfterAll
    static void end() {
        servers.forEach(SplitServer::close);
    }

    @Test
    void pruningIsByTheMapThatTheShardHasAndKeeps() throws SQLException {
        shard.execute("DELETE FROM mosaic.shard_map; INSERT INTO mosaic.shard_map (shard, version) VALUES ('s0', 7)");
        try (Connection mover = shard.database().asMover()) {
            mover.setAutoCommit(false);
            SplitBookkeeping.goOnPruning(mover, 7);
            assertThatThrownBy(() -> shard.execute(LATER_MAP))
                    .as("a later map, while rows are taken away by this one")
                    .hasMessageContaining("lock timeout");
            mover.commit();
            shard.execute(LATER_MAP);
            assertThatThrownBy(() -> SplitBookkeeping.goOnPruning(mover, 7))
                    .isInstanceOfSatisfying(SQLException.class, e -> assertThat(e.getSQLState())
                            .isEqualTo(SplitBookkeeping.NOT_REPLACEABLE))
                    .hasMessageContaining("not taken away by map version 7: the shard is at map version 8");
        }
    }
}
