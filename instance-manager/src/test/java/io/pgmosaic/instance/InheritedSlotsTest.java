package io.pgmosaic.instance;

import io.pgmosaic.instance.harness.ShardOfTwo;
import io.pgmosaic.instance.harness.TestManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A primary's logical slots do not come back with it when it was a standby meanwhile. */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class InheritedSlotsTest {
    private static final String SLOTS =
            "SELECT string_agg(slot_name, ',' ORDER BY 1) FROM pg_replication_slots WHERE slot_type = 'logical'";

    private final ShardOfTwo shard;
    private final TestManager first;
    private final TestManager second;

    InheritedSlotsTest() throws IOException {
        shard = ShardOfTwo.startUnheard();
        first = shard.first();
        second = shard.second();
    }

    @AfterEach
    void close() throws IOException {
        shard.close();
    }

    @Test
    void aPrimaryThatBecomesAStandbyLosesTheSlotsOfSplits() throws Exception {
        for (String slot : new String[] {"mosaic_s_one_0_f", "of_somebody_else"}) {
            first.sql("SELECT pg_create_logical_replication_slot('" + slot + "', 'pgoutput')");
        }
        assertThat(first.show(SLOTS)).isEqualTo("mosaic_s_one_0_f,of_somebody_else");
        await().atMost(Duration.ofSeconds(40)).until(() -> second.show("SELECT pg_last_wal_receive_lsn()")
                .equals(first.show("SELECT pg_current_wal_flush_lsn()")));
        first.killEverything();
        second.make(second.revoke(2, false));
        second.make(second.promote(2, shard.configuration()));
        first.start();
        first.make(first.follow(2, second, shard.system(), shard.configuration()));
        await().atMost(Duration.ofSeconds(60)).until(first::streams);
        assertThat(Files.readString(first.log()))
                .as("a rewind would take all slots away")
                .doesNotContain("rewinding");
        assertThat(first.show(SLOTS)).isEqualTo("of_somebody_else");
    }
}
