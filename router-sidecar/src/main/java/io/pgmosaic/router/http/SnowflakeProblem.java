package io.pgmosaic.router.http;

import io.pgmosaic.router.ids.Draw;

import java.util.List;
import java.util.Map;

/** Why there are no snowflakes now, for a program and for a person. */
final class SnowflakeProblem {
    /** Every {@link #reason}. */
    static final List<String> REASONS = List.of("no-machine-number", "clock-behind", "clock-ahead", "too-many");

    private SnowflakeProblem() {}

    static String reason(Draw draw) {
        return switch (draw) {
            case Draw.NoLease none -> "no-machine-number";
            case Draw.ClockBehind behind -> "clock-behind";
            case Draw.ClockAhead ahead -> "clock-ahead";
            case Draw.Busy busy -> "too-many";
            case Draw.Drawn drawn -> throw new IllegalArgumentException("they are there");
        };
    }

    static Problem of(Draw draw) {
        String detail =
                switch (draw) {
                    case Draw.NoLease none ->
                        "this router has no machine number now: " + none.reason()
                                + "; ask again after the time in Retry-After, or for another kind";
                    case Draw.ClockBehind behind ->
                        "this machine's clock is " + behind.millis()
                                + " ms behind the times that ids have already; ask again when it is right, or for another kind";
                    case Draw.ClockAhead ahead ->
                        "this machine's clock is " + ahead.millis()
                                + " ms ahead of the times that its machine number was granted for; ask again when it is right,"
                                + " or for another kind";
                    case Draw.Busy busy ->
                        "more snowflakes are asked for than there are in a second; ask again in " + busy.waitMillis()
                                + " ms";
                    case Draw.Drawn drawn -> throw new IllegalArgumentException("they are there");
                };
        return new Problem(ProblemType.NO_SNOWFLAKES, detail, Map.of("reason", reason(draw)));
    }
}
