package io.pgmosaic.operator.cluster;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

class CausalKeysTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    @Test
    void aNewKeyIsKnownForAnHourBeforeItSignsAndTheOldOneIsBelievedForADayAfter() {
        String first = CausalKeys.due(null, NOW);
        assertThat(states(first)).containsExactly("SIGNS");
        Instant due = NOW.plus(Duration.ofDays(30));
        assertThat(CausalKeys.due(first, due.minusSeconds(1))).isEqualTo(first);
        String second = CausalKeys.due(first, due);
        assertThat(states(second)).containsExactly("SIGNS", "NEXT");
        assertThat(names(second).getFirst()).isEqualTo(names(first).getFirst());
        assertThat(CausalKeys.due(second, due.plus(Duration.ofMinutes(59)))).isEqualTo(second);

        Instant changed = due.plus(Duration.ofHours(1));
        String third = CausalKeys.due(second, changed);
        assertThat(states(third)).containsExactly("SIGNS", "RETIRED");
        assertThat(names(third))
                .containsExactly(names(second).get(1), names(second).get(0));
        assertThat(CausalKeys.due(third, changed.plus(Duration.ofHours(24)))).isEqualTo(third);
        String fourth = CausalKeys.due(third, changed.plus(Duration.ofHours(25)));
        assertThat(names(fourth)).containsExactly(names(third).getFirst());
        assertThat(fourth.lines().findFirst()).isEqualTo(third.lines().findFirst());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "rubbish", "a b c d", "k1 short SIGNS 2026-01-01T12:00:00Z"})
    void whatIsNoKeyIsReplacedByOne(String stored) {
        assertThat(states(CausalKeys.due(stored, NOW))).containsExactly("SIGNS");
    }

    @Test
    void keepsWhatSomebodyElseWrote() {
        String secret = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
        String due = CausalKeys.due("old " + secret + "\nmine " + secret + " SIGNS 2026-01-01T00:00:00Z\n", NOW);
        assertThat(due)
                .isEqualTo("mine " + secret + " SIGNS 2026-01-01T00:00:00Z\nold " + secret
                        + " RETIRED 2026-01-01T12:00:00Z\n");
    }

    /** Whenever the operator comes by, or stays away: what signs was known for an hour, and what signed is believed for a day. */
    @Test
    void keepsBothTimesHoweverRarelyItIsAsked() {
        Random random = new Random(20);
        for (int run = 0; run < 200; run++) {
            Instant now = NOW;
            String keys = CausalKeys.due(null, now);
            Map<String, Instant> known = new HashMap<>();
            Map<String, Instant> signed = new HashMap<>();
            known.put(names(keys).getFirst(), Instant.MIN);
            for (int step = 0; step < 60; step++) {
                signed.put(names(keys).getFirst(), now);
                now = now.plusSeconds(random.nextInt(
                        (int) Duration.ofDays(random.nextInt(1, 12)).toSeconds()));
                String before = names(keys).getFirst();
                keys = CausalKeys.due(keys, now);
                // Routers signed with the key before until just now.
                signed.put(before, now);
                for (String name : names(keys)) {
                    known.putIfAbsent(name, now);
                }
                assertThat(known.get(names(keys).getFirst()))
                        .as("run %d, step %d", run, step)
                        .isBeforeOrEqualTo(now.minus(Duration.ofHours(1)));
                for (Map.Entry<String, Instant> last : signed.entrySet()) {
                    if (last.getValue().isAfter(now.minus(Duration.ofHours(25)))) {
                        assertThat(names(keys)).as("run %d, step %d", run, step).contains(last.getKey());
                    }
                }
            }
        }
    }

    private static List<String> names(String keys) {
        return keys.lines().map(line -> line.split(" ", -1)[0]).toList();
    }

    private static List<String> states(String keys) {
        return keys.lines().map(line -> line.split(" ", -1)[2]).toList();
    }
}
