package io.pgmosaic.operator.access;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/** Keeps answers for a while, the latest ones at most. Thread-safe; two who ask the same at the same time may both find out. */
public final class RecentAnswers<A> {
    private record Kept<A>(A answer, Instant until) {}

    private final Clock clock;
    private final Function<A, Duration> kept;
    private final Map<String, Kept<A>> answers;

    /**
     * @param kept how long an answer counts
     * @param most answers are kept
     */
    public RecentAnswers(Clock clock, Function<A, Duration> kept, int most) {
        this.clock = clock;
        this.kept = kept;
        this.answers = new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Kept<A>> eldest) {
                return size() > most;
            }
        };
    }

    /** The answer that is kept, or the one that is found now; what finding throws is passed on, and not kept. */
    public A get(String question, Supplier<A> finding) {
        synchronized (answers) {
            Kept<A> found = answers.get(question);
            if (found != null && clock.instant().isBefore(found.until())) {
                return found.answer();
            }
        }
        A answer = finding.get();
        synchronized (answers) {
            answers.remove(question);
            answers.put(question, new Kept<>(answer, clock.instant().plus(kept.apply(answer))));
        }
        return answer;
    }
}
