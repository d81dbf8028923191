package io.pgmosaic.operator.ids;

import io.pgmosaic.protocol.topology.MachineIdGrant;
import io.pgmosaic.protocol.topology.MachineIdRequest;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A cluster's machine numbers, and what granting some changes of them. Without clock and I/O; used by one thread.
 *
 * <p>Numbers that nobody had yet go first. After them, the one whose time was over first goes to the next holder, and its time
 * begins where the other's ended.
 */
final class MachineNumbers {
    private final Map<Integer, MachineNumber> numbers = new HashMap<>();
    private final Map<String, Integer> byHolder = new HashMap<>();
    private final Map<String, String> changed = new HashMap<>();
    private int unreadable;

    /** @param data of the ConfigMap: number to text. A number whose text cannot be read is granted to nobody. */
    MachineNumbers(Map<String, String> data) {
        for (int id = 0; id < MachineIdRequest.NUMBERS; id++) {
            String text = data.get(Integer.toString(id));
            if (text == null) {
                continue;
            }
            MachineNumber number = MachineNumber.of(text);
            if (number == null) {
                unreadable++;
                number = new MachineNumber("", Instant.EPOCH, Instant.MAX);
            }
            numbers.put(id, number);
            byHolder.put(number.holder(), id);
        }
        byHolder.remove("");
    }

    /**
     * Grants a number, or more time for the one that the router has; empty when all are taken.
     *
     * @param lease how long the router may use it, by its monotonic clock
     * @param margin how much longer its ids may be dated, for routers and operators whose clocks differ
     */
    Optional<MachineIdGrant> grant(MachineIdRequest request, Instant now, Duration lease, Duration margin) {
        Integer id = byHolder.get(request.holder());
        if (id == null) {
            id = lost(request);
        }
        if (id == null) {
            id = free(request.holder(), now);
        }
        if (id == null) {
            return Optional.empty();
        }
        MachineNumber before = numbers.get(id);
        MachineNumber after;
        Instant end = now.plus(lease).plus(margin);
        if (before != null && before.isOf(request.holder())) {
            after = before.until(end);
        } else {
            after = new MachineNumber(request.holder(), before == null ? Instant.EPOCH : before.notAfter(), end);
            if (before != null) {
                byHolder.remove(before.holder());
            }
        }
        numbers.put(id, after);
        byHolder.put(request.holder(), id);
        changed.put(Integer.toString(id), after.text());
        return Optional.of(new MachineIdGrant(id, lease.toMillis(), after.notBefore(), after.notAfter()));
    }

    /** What is to be written. */
    Map<String, String> changes() {
        return Map.copyOf(changed);
    }

    /** How many numbers nobody gets, since what is recorded of them cannot be read. */
    int unreadable() {
        return unreadable;
    }

    /** When the next number becomes free, if all are taken. */
    Instant nextFree() {
        return numbers.values().stream()
                .map(MachineNumber::notAfter)
                .min(Instant::compareTo)
                .orElse(Instant.EPOCH);
    }

    /** The number that a router says it holds, when the record has lost it and nobody else has it. */
    private @Nullable Integer lost(MachineIdRequest request) {
        Integer claimed = request.machineId();
        return claimed == null || numbers.containsKey(claimed) ? null : claimed;
    }

    /** Spread, so that after a loss of the record a new router rarely meets one that has not been heard again yet. */
    private @Nullable Integer free(String holder, Instant now) {
        int start = Math.floorMod(holder.hashCode(), MachineIdRequest.NUMBERS);
        return IntStream.range(start, start + MachineIdRequest.NUMBERS)
                .map(id -> id % MachineIdRequest.NUMBERS)
                .filter(id -> !numbers.containsKey(id))
                .boxed()
                .findFirst()
                .orElseGet(() -> over(now));
    }

    private @Nullable Integer over(Instant now) {
        return numbers.entrySet().stream()
                .filter(entry -> !entry.getValue().notAfter().isAfter(now))
                .min(Map.Entry.comparingByValue((one, other) -> one.notAfter().compareTo(other.notAfter())))
                .map(Map.Entry::getKey)
                .orElse(null);
    }
}
