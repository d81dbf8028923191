package io.pgmosaic.local.chaos;

import io.pgmosaic.checker.Violation;
import io.pgmosaic.local.chaos.Door.Result;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** What all holders of accounts were told, and what of it must not have been. */
final class AccountLog {
    private final Map<String, AtomicLong> counts = new ConcurrentHashMap<>();
    private final Queue<Violation> violations = new ConcurrentLinkedQueue<>();
    private volatile List<String> shards = List.of();

    /** The shards that there are, or are about to be. */
    void shards(List<String> names) {
        shards = List.copyOf(names);
    }

    List<String> shards() {
        return shards;
    }

    void count(String way, Result result) {
        counts.computeIfAbsent(way + " " + result.outcome().name().toLowerCase(Locale.ROOT), none -> new AtomicLong())
                .incrementAndGet();
    }

    void violation(Violation violation) {
        violations.add(new Violation(violation.promise(), violation.evidence() + " (" + Instant.now() + ")"));
    }

    List<Violation> violations() {
        return List.copyOf(violations);
    }

    /** How often a way ended so, such as {@code library acknowledged}. */
    long count(String wayAndOutcome) {
        AtomicLong count = counts.get(wayAndOutcome);
        return count == null ? 0 : count.get();
    }

    String summary() {
        return new TreeMap<>(counts).toString();
    }

    void save(Path file) throws IOException {
        Files.writeString(file, summary() + "\n" + violations + "\n");
    }
}
