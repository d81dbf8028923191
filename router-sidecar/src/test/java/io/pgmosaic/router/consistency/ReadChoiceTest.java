package io.pgmosaic.router.consistency;

import io.pgmosaic.protocol.Lsn;
import io.pgmosaic.protocol.instance.LogPosition;
import io.pgmosaic.protocol.topology.Replica;
import io.pgmosaic.protocol.topology.ReplicaChoice;
import io.pgmosaic.protocol.topology.Server;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

class ReadChoiceTest {
    private static final long NOW = TimeUnit.HOURS.toNanos(1);
    private static final LogPosition WRITTEN = at(1, 500);

    private final Random random = new Random(4);

    @Test
    void takesTheFirstThatMeetsTheDemand() {
        List<ReplicaState> replicas = List.of(replica("a", 10L, 100), replica("b", 20L, 400), replica("c", null, 500));
        assertThat(choose(replicas, ReadDemand.NOTHING)).isEqualTo(0);
        assertThat(choose(replicas, ReadDemand.holding(at(1, 101)))).isEqualTo(1);
        assertThat(choose(replicas, ReadDemand.holding(at(1, 401)))).isEqualTo(2);
        assertThat(choose(replicas, ReadDemand.staying("b"))).isEqualTo(1);
        assertThat(why(replicas, ReadDemand.holding(at(1, 501)))).isEqualTo(Reason.POSITION);
        assertThat(why(replicas, ReadDemand.staying("d"))).isEqualTo(Reason.READ_NOT_REPORTED);
        assertThat(why(replicas, ReadDemand.bounded(9))).isEqualTo(Reason.LAG);
        assertThat(why(replicas, ReadDemand.holding(at(2, 1)))).isEqualTo(Reason.TERM_AHEAD);
        assertThat(why(replicas, ReadDemand.primary(Reason.FORGOTTEN))).isEqualTo(Reason.FORGOTTEN);
        assertThat(why(List.of(), ReadDemand.NOTHING)).isEqualTo(Reason.NO_REPLICA);
    }

    @Test
    void sharesReadsAmongReplicasByWhatWasSentToThemLately() {
        List<ReplicaState> replicas =
                List.of(replica("a", 1L, 500), replica("b", 900L, 500), replica("c", 5L, 500), replica("d", null, 500));
        int[] counts = new int[replicas.size()];
        for (int i = 0; i < 3_000; i++) {
            int chosen = ReadChoice.choose(replicas, 1, ReplicaChoice.LEAST_LOADED, ReadDemand.NOTHING, 0, NOW, random)
                    .replica();
            counts[chosen]++;
            replicas.get(chosen).load().add(NOW);
        }
        assertThat(counts[3]).as("nobody knows how old its data is").isZero();
        for (int i = 0; i < 3; i++) {
            assertThat(counts[i]).isBetween(900, 1_100);
        }
        int bounded = ReadChoice.choose(replicas, 1, ReplicaChoice.LEAST_LOADED, ReadDemand.bounded(1), 0, NOW, random)
                .replica();
        assertThat(bounded).as("however loaded it is").isEqualTo(0);
    }

    @Test
    void sharesReadsAmongTheReplicasOfItsZoneAsLongAsTheyMeetTheDemand() {
        List<ReplicaState> replicas = List.of(
                near("a", 50L, 100),
                near("b", 90L, 400),
                replica("c", 5L, 500),
                replica("d", 9L, 500),
                near("e", null, 500));
        assertThat(chosen(replicas, ReadDemand.NOTHING)).containsExactlyInAnyOrder("a", "b");
        assertThat(chosen(replicas, ReadDemand.holding(at(1, 101)))).containsExactly("b");
        assertThat(chosen(replicas, ReadDemand.bounded(60))).containsExactly("a");
        assertThat(chosen(replicas, ReadDemand.holding(at(1, 401)))).containsExactlyInAnyOrder("c", "d");
        assertThat(chosen(replicas.reversed(), ReadDemand.NOTHING))
                .as("in whatever order they are")
                .containsExactlyInAnyOrder("a", "b");
    }

    private Set<String> chosen(List<ReplicaState> replicas, ReadDemand demand) {
        Set<String> chosen = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            ReplicaState replica =
                    replicas.get(ReadChoice.choose(replicas, 1, ReplicaChoice.LEAST_LOADED, demand, 0, NOW, random)
                            .replica());
            replica.load().add(NOW);
            chosen.add(replica.server().instance());
        }
        return chosen;
    }

    private static ReplicaState near(String name, @Nullable Long lagMillis, long replayed) {
        return ReplicaState.of(
                new Replica(new Server(name, "host", 5432), lagMillis, at(1, replayed), 0L), true, null, null, NOW);
    }

    @Test
    void aLoadFades() {
        Load load = new Load();
        for (int i = 0; i < 1_024; i++) {
            load.add(NOW);
        }
        assertThat(load.at(NOW + TimeUnit.SECONDS.toNanos(10))).isBetween(0.9, 1.1);
        assertThat(load.at(NOW)).isEqualTo(1_024);
    }

    @Test
    void aLagGrowsWithTheTimeInWhichNobodyTells() {
        ReplicaState replica =
                ReplicaState.of(new Replica(new Server("a", "host", 5432), 100L, WRITTEN, 30L), WRITTEN, null, NOW);
        assertThat(replica.lagMillis(0, NOW)).isEqualTo(130);
        assertThat(replica.lagMillis(2_000, NOW)).isEqualTo(2_130);
        assertThat(replica.lagMillis(ReplicaState.UNKNOWN, NOW)).isEqualTo(ReplicaState.UNKNOWN);
        assertThat(replica("a", null, 500).lagMillis(0, NOW)).isEqualTo(ReplicaState.UNKNOWN);
    }

    @Test
    void aReplicaIsAtLeastAsFarBehindAsTheFirstPositionThatItLacksIsOld() {
        Replica stuck = new Replica(new Server("a", "host", 5432), 0L, at(1, 400), 0L);
        ReplicaState first = ReplicaState.of(stuck, WRITTEN, null, NOW);
        long later = NOW + TimeUnit.SECONDS.toNanos(5);
        ReplicaState second = ReplicaState.of(stuck, at(1, 900), first, later);
        assertThat(second.lagMillis(0, later)).isEqualTo(5_000);
        Replica moved = new Replica(new Server("a", "host", 5432), 0L, at(1, 500), 0L);
        assertThat(ReplicaState.of(moved, at(1, 900), second, later).lagMillis(0, later))
                .as("it lacks what was heard of just now")
                .isZero();
        Replica silent = new Replica(new Server("a", "host", 5432), 7L, null, 0L);
        assertThat(ReplicaState.of(silent, at(1, 900), null, NOW).lagMillis(0, later))
                .as("an operator that tells no positions")
                .isEqualTo(7);
    }

    private int choose(List<ReplicaState> replicas, ReadDemand demand) {
        return ReadChoice.choose(replicas, 1, ReplicaChoice.LEAST_LAG, demand, 0, NOW, random)
                .replica();
    }

    private @Nullable Reason why(List<ReplicaState> replicas, ReadDemand demand) {
        return ReadChoice.choose(replicas, 1, ReplicaChoice.LEAST_LAG, demand, 0, NOW, random)
                .reason();
    }

    private static ReplicaState replica(String name, @Nullable Long lagMillis, long replayed) {
        return ReplicaState.of(
                new Replica(new Server(name, "host", 5432), lagMillis, at(1, replayed), 0L), null, null, NOW);
    }

    private static LogPosition at(long term, long offset) {
        return new LogPosition(term, new Lsn(offset));
    }
}
