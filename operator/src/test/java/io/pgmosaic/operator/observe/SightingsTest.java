package io.pgmosaic.operator.observe;

import io.pgmosaic.operator.instance.InstanceStatuses;
import io.pgmosaic.protocol.instance.InstanceIdentity;
import io.pgmosaic.protocol.instance.InstanceStatus;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.Map;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;

/** Moments are seconds that the test names. */
final class SightingsTest {
    private static final InstanceStatus RUNNING =
            InstanceStatuses.running(new InstanceIdentity("shop", "orders", "uid-1", "s0", "orders-s0-0"));

    private static Instant at(long second) {
        return Instant.ofEpochSecond(1_000_000 + second);
    }

    private static Observation answered(Observation before, long second) {
        return Sightings.answered(before, RUNNING, Set.of("a", "b"), at(second));
    }

    private static Observation failed(Observation before, long second, boolean refused) {
        return Sightings.failed(before, "no answer", refused, at(second), at(second));
    }

    @Test
    void silenceBeginsWithTheFirstAnswerThatDidNotCome() {
        Observation silent = failed(failed(answered(Observation.NONE, 1), 2, true), 3, false);
        assertThat(silent.silentSince()).isEqualTo(at(2));
        assertThat(silent.refused()).isFalse();
        assertThat(silent.answeredAt()).isEqualTo(at(1));
        assertThat(silent.status()).isEqualTo(RUNNING);
        Observation back = answered(silent, 4);
        assertThat(back.silentSince()).isNull();
        assertThat(back.failure()).isNull();
    }

    @Test
    void anAnswerToALaterQuestionOutweighsAFailure() {
        Observation answered = answered(Observation.NONE, 5);
        assertThat(failed(answered, 4, true)).isEqualTo(answered);
    }

    @Test
    void whatAPrimaryDoesNotShowStreamingIsDatedFromThen() {
        Observation first = answered(Observation.NONE, 1);
        Map<String, Instant> since = answered(first, 7).notStreamingSince();
        assertThat(since).containsEntry("a", at(1)).containsEntry("b", at(1));
        assertThat(Sightings.answered(first, RUNNING, Set.of("a"), at(8)).notStreamingSince())
                .containsOnlyKeys("a");
    }

    @Test
    void aPromiseIsDatedFromItsFirstSight() {
        Observation first = answered(Observation.NONE, 1);
        assertThat(first.promisedSince()).isEqualTo(at(1));
        assertThat(answered(failed(first, 2, true), 3).promisedSince()).isEqualTo(at(1));
        assertThat(first.notRunningSince()).isNull();
    }
}
