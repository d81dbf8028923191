package io.pgmosaic.checker;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A router never answers with a lower term than one it has answered before for that shard. */
public final class RouteCheck {
    private RouteCheck() {}

    /**
     * An answer of the router.
     *
     * @param began when it was asked
     * @param ended when the answer was there
     */
    public record Answer(String shard, long term, long began, long ended) {}

    /** Two answers are in order when one was there before the other was asked for. */
    public static List<Violation> check(List<Answer> answers) {
        List<Answer> byEnd =
                answers.stream().sorted(Comparator.comparingLong(Answer::ended)).toList();
        List<Answer> byBegin =
                answers.stream().sorted(Comparator.comparingLong(Answer::began)).toList();
        Map<String, Answer> highest = new HashMap<>();
        List<Violation> violations = new ArrayList<>();
        int ended = 0;
        for (Answer answer : byBegin) {
            while (ended < byEnd.size() && byEnd.get(ended).ended() < answer.began()) {
                Answer before = byEnd.get(ended++);
                highest.merge(before.shard(), before, (one, other) -> one.term() >= other.term() ? one : other);
            }
            Answer before = highest.get(answer.shard());
            if (before != null && before.term() > answer.term()) {
                violations.add(new Violation("router went back", before + ", then " + answer));
            }
        }
        return violations;
    }
}
