package io.pgmosaic.instance;

import io.pgmosaic.instance.harness.ShardOfTwo;
import io.pgmosaic.instance.harness.TestManager;
import io.pgmosaic.protocol.instance.PostgresState.ServerState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Names in schema public that stand before PostgreSQL's own for whoever takes the search path that was set for him. */
@Timeout(value = 4, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class HostileNamesTest {
    private static final String CAUGHT = "caught by a trap";

    private static final String TRAPS = """
            CREATE FUNCTION public.caught() RETURNS bigint LANGUAGE plpgsql
              AS $$ BEGIN RAISE EXCEPTION '%s'; END $$;
            CREATE FUNCTION public.pg_is_in_recovery() RETURNS boolean LANGUAGE sql AS 'SELECT public.caught() = 1';
            CREATE FUNCTION public.current_setting(text, boolean) RETURNS text LANGUAGE sql
              AS 'SELECT public.caught()::text';
            CREATE FUNCTION public.pg_control_checkpoint(OUT timeline_id bigint) LANGUAGE sql
              AS 'SELECT public.caught()';
            CREATE VIEW public.pg_stat_activity AS SELECT public.caught() AS pid;
            CREATE VIEW public.pg_replication_slots AS SELECT public.caught() AS slot_name;
            GRANT SELECT ON public.pg_stat_activity, public.pg_replication_slots TO PUBLIC;
            """.formatted(CAUGHT) + baits();

    private final ShardOfTwo shard;
    private final TestManager first;
    private final TestManager second;
    private final String system;

    private static String baits() {
        StringBuilder sql = new StringBuilder();
        for (String whose : List.of("ROLE mosaic_manager", "ROLE mosaic_replication", "DATABASE postgres")) {
            sql.append("ALTER ").append(whose).append(" SET search_path = public, pg_catalog;\n");
        }
        return sql.toString();
    }

    HostileNamesTest() throws IOException {
        shard = ShardOfTwo.startUnheard();
        first = shard.first();
        second = shard.second();
        system = shard.system();
    }

    @AfterEach
    void close() throws IOException {
        shard.close();
    }

    /** Of the manager itself; a new one has the settings that were made before it began. */
    private static String sessionsOf(TestManager manager) throws SQLException {
        return manager.show("SELECT coalesce(string_agg(pid::text, ',' ORDER BY pid), 'none')"
                + " FROM pg_catalog.pg_stat_activity WHERE usename = 'mosaic_manager'");
    }

    @Test
    void areNotThoseThatAManagerCalls() throws Exception {
        first.sql(TRAPS);
        String log = first.show("SELECT pg_catalog.pg_current_wal_flush_lsn()");
        await().atMost(Duration.ofSeconds(40))
                .until(() -> second.show("SELECT pg_catalog.pg_last_wal_replay_lsn() OPERATOR(pg_catalog.>=) '" + log
                                + "'::pg_catalog.pg_lsn")
                        .equals("t"));
        for (TestManager manager : List.of(first, second)) {
            String before = sessionsOf(manager);
            manager.sql("SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity"
                    + " WHERE usename = 'mosaic_manager'");
            await().atMost(Duration.ofSeconds(40))
                    .until(() -> manager.status().postgres().state() == ServerState.RUNNING
                            && !List.of(before, "none").contains(sessionsOf(manager)));
        }
        second.make(second.revoke(2, false));
        first.sql("CREATE TABLE lost (i int)");
        second.make(second.promote(2, shard.configuration()));
        first.killEverything();
        first.start();
        first.make(first.follow(2, second, system, shard.configuration()));
        await().atMost(Duration.ofSeconds(60)).until(first::streams);
        assertThat(Files.readString(first.log())).contains("rewinding");
        for (TestManager manager : List.of(first, second)) {
            assertThat(Files.readString(manager.log())).doesNotContain(CAUGHT);
        }
    }
}
