package io.pgmosaic.instance.postgres;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code pg_controldata} says of data that no server runs on.
 *
 * @param timeline the one that a start would go on with
 */
public record ControlData(long timeline) {
    private static final Pattern CHECKPOINT = Pattern.compile("(?m)^Latest checkpoint's TimeLineID: +(\\d+)$");
    private static final Pattern RECOVERY = Pattern.compile("(?m)^Min recovery ending loc's timeline: +(\\d+)$");

    public static ControlData read(Programs programs, Path data) throws IOException, InterruptedException {
        String text =
                programs.run("pg_controldata", List.of("-D", data.toString()), "", new Cancellation(), line -> {});
        // Between a promotion and its checkpoint only the second knows the new timeline.
        return new ControlData(Math.max(number(CHECKPOINT, text), number(RECOVERY, text)));
    }

    private static long number(Pattern pattern, String text) throws IOException {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new IOException("pg_controldata does not say " + pattern);
        }
        return Long.parseLong(matcher.group(1));
    }
}
