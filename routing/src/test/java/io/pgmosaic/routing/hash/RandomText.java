package io.pgmosaic.routing.hash;

import java.util.SplittableRandom;

/** Text of every kind that PostgreSQL can hold: empty, ASCII, other scripts, emoji, control characters, long. */
public final class RandomText {
    private RandomText() {}

    /** @param longest in code points */
    public static String next(SplittableRandom random, int longest) {
        int length = random.nextInt(longest + 1);
        int kind = random.nextInt(5);
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.appendCodePoint(
                    switch (kind) {
                        case 0 -> random.nextInt(0x20, 0x7F);
                        case 1 -> random.nextInt(1, 0x800);
                        case 2 -> random.nextInt(0x4E00, 0x9FFF);
                        case 3 -> random.nextInt(0x1F300, 0x1FAFF);
                        default -> scalar(random);
                    });
        }
        return text.toString();
    }

    private static int scalar(SplittableRandom random) {
        int scalar = random.nextInt(1, 0x110000 - 0x800);
        return scalar < 0xD800 ? scalar : scalar + 0x800;
    }
}
