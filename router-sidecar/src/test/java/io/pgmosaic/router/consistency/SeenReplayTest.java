package io.pgmosaic.router.consistency;

import io.pgmosaic.protocol.Lsn;
import io.pgmosaic.protocol.instance.LogPosition;
import io.pgmosaic.protocol.topology.Replica;
import io.pgmosaic.protocol.topology.Server;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/** What clients that read from a replica tell of it beside the operator, who told 100 of term 2. */
class SeenReplayTest {
    private static final long NOW = Long.MAX_VALUE - 5;
    private static final long LASTS = TimeUnit.MILLISECONDS.toNanos(SeenReplay.LASTS_MILLIS);
    private static final Server SERVER = new Server("r1", "host", 5432);

    private final ReplicaState replica = told(SERVER, at(2, 100), null);

    @Test
    void countsForAWhile() {
        assertThat(replica.has(at(2, 150), NOW)).isFalse();
        replica.saw(at(2, 200), NOW);
        assertThat(replica.has(at(2, 200), NOW)).isTrue();
        assertThat(replica.has(at(1, 200), NOW)).as("all terms before").isTrue();
        assertThat(replica.has(at(2, 201), NOW)).isFalse();
        assertThat(replica.has(at(3, 1), NOW)).isFalse();
        assertThat(replica.has(at(2, 150))).as("by what the operator told").isFalse();
        assertThat(replica.has(at(2, 200), NOW + LASTS - 1)).isTrue();
        assertThat(replica.has(at(2, 200), NOW + LASTS)).isFalse();
        assertThat(replica.has(at(2, 100), NOW + LASTS)).isTrue();
    }

    @Test
    void doesNotGoBackWhileItCounts() {
        replica.saw(at(2, 200), NOW);
        replica.saw(at(2, 150), NOW + 1);
        assertThat(replica.has(at(2, 200), NOW + 1))
                .as("a report that came late")
                .isTrue();
        replica.saw(at(2, 200), NOW + 2);
        assertThat(replica.has(at(2, 200), NOW + LASTS + 1)).as("seen again").isTrue();
        replica.saw(at(2, 150), NOW + 3 * LASTS);
        assertThat(replica.has(at(2, 200), NOW + 3 * LASTS)).isFalse();
        assertThat(replica.has(at(2, 150), NOW + 3 * LASTS)).isTrue();
    }

    /** A server says that it follows a term before it replays that one's log. */
    @Test
    void saysNothingOfAnotherTimelineThanTheOperatorSaw() {
        replica.saw(at(3, 200), NOW);
        replica.saw(at(1, 200), NOW);
        assertThat(replica.has(at(1, 150), NOW)).isFalse();
        ReplicaState unknown = told(SERVER, null, null);
        unknown.saw(at(2, 200), NOW);
        assertThat(unknown.has(at(2, 150), NOW)).isFalse();
    }

    @Test
    void outlastsWhatTheOperatorTellsMeanwhileUnlessThatContradictsIt() {
        replica.saw(at(2, 200), NOW);
        assertThat(told(SERVER, at(2, 120), replica).has(at(2, 200), NOW)).isTrue();
        assertThat(told(SERVER, at(2, 99), replica).has(at(2, 200), NOW))
                .as("it was started again")
                .isFalse();
        assertThat(told(SERVER, at(3, 120), replica).has(at(2, 200), NOW))
                .as("it replays another timeline")
                .isFalse();
        assertThat(told(SERVER, null, replica).has(at(2, 200), NOW))
                .as("nobody knows")
                .isFalse();
        assertThat(told(new Server("r1", "other", 5432), at(2, 120), replica).has(at(2, 200), NOW))
                .as("it is elsewhere")
                .isFalse();
        assertThat(replica.inAnotherTerm().has(at(2, 200), NOW)).isFalse();
        assertThat(replica.inAnotherTerm().has(at(2, 100), NOW)).isTrue();
    }

    private static ReplicaState told(Server server, @Nullable LogPosition replayed, @Nullable ReplicaState before) {
        return ReplicaState.of(new Replica(server, 10L, replayed, 0L), at(2, 300), before, NOW);
    }

    private static LogPosition at(long term, long offset) {
        return new LogPosition(term, new Lsn(offset));
    }
}
