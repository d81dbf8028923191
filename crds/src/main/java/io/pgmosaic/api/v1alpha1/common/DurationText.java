package io.pgmosaic.api.v1alpha1.common;

import java.time.Duration;
import java.util.regex.Pattern;

/** Durations as a spec writes them: one whole number and one unit, such as {@code 500ms}, {@code 2s} or {@code 2160h}. */
public final class DurationText {
    private static final Pattern SHAPE = Pattern.compile(Patterns.DURATION);

    private DurationText() {}

    /**
     * @throws IllegalArgumentException when {@code text} is not of the shape {@link Patterns#DURATION}
     */
    public static Duration parse(String text) {
        if (!SHAPE.matcher(text).matches()) {
            throw new IllegalArgumentException("not a duration: write a whole number and ms, s, m or h, such as 2s");
        }
        int unit = 0;
        while (Character.isDigit(text.charAt(unit))) {
            unit++;
        }
        long number = Long.parseLong(text, 0, unit, 10);
        return switch (text.substring(unit)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            default -> Duration.ofHours(number);
        };
    }
}
