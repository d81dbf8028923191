package io.pgmosaic.operator.upkeep;

import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.upkeep.ShardRounds.Place;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@Timeout(60)
class ShardRoundsTest {
    private static final Place HANGS = place("hangs");
    private static final Place FAILS = place("fails");
    private static final Place WELL = place("well");

    private static Place place(String shard) {
        return new Place(new ClusterKey("shop", "orders"), shard);
    }

    @Test
    void oneThatHangsOrFailsHoldsUpNoOther() {
        CountDownLatch over = new CountDownLatch(1);
        AtomicInteger hung = new AtomicInteger();
        AtomicInteger failed = new AtomicInteger();
        AtomicInteger looked = new AtomicInteger();
        try (ShardRounds rounds = new ShardRounds("the directory", 3)) {
            for (int round = 1; round <= 3; round++) {
                rounds.begin(HANGS, () -> {
                    hung.incrementAndGet();
                    hang(over);
                });
                boolean defect = round == 2;
                rounds.begin(FAILS, () -> {
                    failed.incrementAndGet();
                    if (defect) {
                        throw new IllegalArgumentException("a defect");
                    }
                    throw new SQLException("no primary now");
                });
                rounds.begin(WELL, looked::incrementAndGet);
                int rounded = round;
                await().until(() -> looked.get() == rounded && failed.get() == rounded);
                await().until(() -> !rounds.isUnderWay(FAILS) && !rounds.isUnderWay(WELL));
            }
            assertThat(hung).as("it is not looked at twice at once").hasValue(1);
            over.countDown();
            await().until(() -> !rounds.isUnderWay(HANGS));
            rounds.begin(HANGS, hung::incrementAndGet);
            await().until(() -> hung.get() == 2);
        }
    }

    @Test
    void looksAtSoManyAtOnceAndNoMore() {
        CountDownLatch over = new CountDownLatch(1);
        AtomicInteger looked = new AtomicInteger();
        try (ShardRounds rounds = new ShardRounds("the directory", 2)) {
            for (int i = 0; i < 10; i++) {
                rounds.begin(place("s" + i), () -> {
                    looked.incrementAndGet();
                    hang(over);
                });
            }
            await().until(() -> looked.get() == 2);
            over.countDown();
            await().until(() -> looked.get() == 10);
        }
    }

    private static void hang(CountDownLatch over) throws SQLException {
        try {
            over.await();
        } catch (InterruptedException e) {
            throw new SQLException(e);
        }
    }
}
