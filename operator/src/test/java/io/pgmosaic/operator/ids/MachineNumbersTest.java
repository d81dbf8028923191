package io.pgmosaic.operator.ids;

import io.pgmosaic.protocol.topology.MachineIdGrant;
import io.pgmosaic.protocol.topology.MachineIdRequest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

import static org.assertj.core.api.Assertions.assertThat;

final class MachineNumbersTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration LEASE = Duration.ofMinutes(10);
    private static final Duration MARGIN = Duration.ofMinutes(1);

    private final Map<String, String> data = new HashMap<>();

    /** Reads the record, grants, and writes it. */
    private Optional<MachineIdGrant> grant(String holder, @Nullable Integer claimed, Instant now) {
        MachineNumbers numbers = new MachineNumbers(data);
        Optional<MachineIdGrant> grant = numbers.grant(new MachineIdRequest(holder, claimed), now, LEASE, MARGIN);
        data.putAll(numbers.changes());
        return grant;
    }

    private MachineIdGrant granted(String holder, Instant now) {
        return grant(holder, null, now).orElseThrow();
    }

    private static String holder(int number) {
        return "holder-of-a-number-" + number;
    }

    @Test
    void everybodyGetsAnotherNumberUntilAllAreTaken() {
        Set<Integer> given = new HashSet<>();
        for (int i = 0; i < 1_024; i++) {
            assertThat(given.add(granted(holder(i), NOW).machineId())).isTrue();
        }
        assertThat(given).hasSize(1_024).allMatch(id -> id >= 0 && id < 1_024);
        assertThat(grant(holder(1_024), null, NOW)).isEmpty();
        assertThat(new MachineNumbers(data).nextFree())
                .isEqualTo(NOW.plus(LEASE).plus(MARGIN));
        assertThat(grant(holder(7), null, NOW)).as("who has one keeps it").isPresent();
    }

    @Test
    void whoAsksAgainKeepsTheNumberForLonger() {
        MachineIdGrant first = granted(holder(1), NOW);
        MachineIdGrant second = granted(holder(1), NOW.plusSeconds(200));
        assertThat(second.machineId()).isEqualTo(first.machineId());
        assertThat(second.notBefore()).isEqualTo(first.notBefore());
        assertThat(second.notAfter()).isEqualTo(first.notAfter().plusSeconds(200));
        assertThat(second.leaseMillis()).isEqualTo(LEASE.toMillis());
        MachineIdGrant late = granted(holder(1), NOW.minusSeconds(3_000));
        assertThat(late.notAfter())
                .as("an operator whose clock is behind takes no time away")
                .isEqualTo(second.notAfter());
    }

    @Test
    void aNumberGoesToAnotherOnlyWhenItsTimeIsOverAndBeginsThere() {
        for (int i = 0; i < 1_024; i++) {
            granted(holder(i), NOW.plusMillis(i));
        }
        Instant end = NOW.plus(LEASE).plus(MARGIN);
        assertThat(grant(holder(5_000), null, end.minusMillis(1))).isEmpty();
        MachineIdGrant next = granted(holder(5_000), end);
        assertThat(next.notBefore()).isEqualTo(end);
        assertThat(granted(holder(0), end.plusMillis(1)).machineId())
                .as("the former holder gets another one")
                .isNotEqualTo(next.machineId());
    }

    @Test
    void aRouterThatIsStartedAgainGetsAnotherNumberWhileThereAreAny() {
        assertThat(granted(holder(1), NOW).machineId())
                .isNotEqualTo(granted(holder(2), NOW).machineId());
    }

    @Test
    void aRouterKeepsItsNumberWhenTheRecordWasLost() {
        int id = granted(holder(1), NOW).machineId();
        data.clear();
        assertThat(grant(holder(1), id, NOW.plusSeconds(1)).orElseThrow().machineId())
                .isEqualTo(id);
        assertThat(grant(holder(2), id, NOW.plusSeconds(1)).orElseThrow().machineId())
                .as("a claim takes nobody's number away")
                .isNotEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "a b c", "holder 2026-01-01T00:00:00Z", "h 2026-01-01T00:00:00Z tomorrow"})
    void whatCannotBeReadIsGrantedToNobody(String text) {
        for (int i = 0; i < 1_023; i++) {
            data.put(Integer.toString(i), text);
        }
        assertThat(new MachineNumbers(data).unreadable()).isEqualTo(1_023);
        assertThat(granted(holder(1), NOW).machineId()).isEqualTo(1_023);
        assertThat(grant(holder(2), null, NOW.plus(Duration.ofDays(1_000)))
                        .orElseThrow()
                        .machineId())
                .isEqualTo(1_023);
        assertThat(data.get("0")).isEqualTo(text);
    }

    private record Span(String holder, Instant from, Instant to) {
        boolean meets(Span other) {
            return !holder.equals(other.holder) && from.isBefore(other.to) && other.from.isBefore(to);
        }
    }

    /** Replicas whose clocks are hours apart, routers that come and go. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 42})
    void noTwoHoldersOfANumberHaveATimeInCommonWhateverTheClocksSay(long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        Map<Integer, List<Span>> spans = new HashMap<>();
        Instant clock = NOW;
        int refused = 0;
        for (int i = 0; i < 6_000; ) {
            // What one replica grants in a second.
            MachineNumbers numbers = new MachineNumbers(data);
            long off = random.nextInt(5) == 0 ? random.nextLong(-7_200, 7_200) : 0;
            for (int batch = random.nextInt(1, 60); batch > 0; batch--, i++) {
                clock = clock.plusMillis(random.nextLong(3_000));
                String holder = holder(random.nextInt(Math.max(1, i / 2 - 1_500), i / 2 + 2));
                Integer claimed = random.nextInt(4) == 0 ? random.nextInt(1_024) : null;
                Optional<MachineIdGrant> grant =
                        numbers.grant(new MachineIdRequest(holder, claimed), clock.plusSeconds(off), LEASE, MARGIN);
                if (grant.isEmpty()) {
                    refused++;
                    continue;
                }
                Span span =
                        new Span(holder, grant.get().notBefore(), grant.get().notAfter());
                assertThat(span.from()).isBefore(span.to());
                List<Span> others = spans.computeIfAbsent(grant.get().machineId(), id -> new ArrayList<>());
                assertThat(others.stream().filter(span::meets))
                        .as("seed %d", seed)
                        .isEmpty();
                others.add(span);
            }
            data.putAll(numbers.changes());
        }
        assertThat(refused).as("seed %d: some found all taken", seed).isPositive();
        assertThat(spans.values())
                .as("seed %d: numbers went from hand to hand", seed)
                .anyMatch(list -> list.stream().map(Span::holder).distinct().count() > 1);
    }
}
