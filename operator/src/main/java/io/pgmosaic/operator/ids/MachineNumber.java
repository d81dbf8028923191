package io.pgmosaic.operator.ids;

import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.Instant;

/**
 * What is recorded of a machine number that was granted.
 *
 * @param holder who has it, or had it last
 * @param notBefore the earliest time of that holder's ids
 * @param notAfter its ids are earlier; from then on, by the clock of whoever looks, another may have the number
 */
record MachineNumber(String holder, Instant notBefore, Instant notAfter) {
    /** As it is written in the ConfigMap. */
    String text() {
        return holder + " " + notBefore + " " + notAfter;
    }

    /** Null when the text is none of {@link #text}. */
    static @Nullable MachineNumber of(String text) {
        String[] parts = text.split(" ", -1);
        if (parts.length != 3) {
            return null;
        }
        try {
            return new MachineNumber(parts[0], Instant.parse(parts[1]), Instant.parse(parts[2]));
        } catch (DateTimeException unreadable) {
            return null;
        }
    }

    MachineNumber until(Instant later) {
        return later.isAfter(notAfter) ? new MachineNumber(holder, notBefore, later) : this;
    }

    boolean isOf(String router) {
        return holder.equals(router);
    }
}
