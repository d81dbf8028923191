package io.pgmosaic.protocol.topology;

import org.jspecify.annotations.Nullable;

import java.util.regex.Pattern;

/**
 * A router's wish for a machine number of its own, or to keep the one it has.
 *
 * @param holder names the router's process, and no other: a router that is started again is another holder; 16 to 64 letters,
 *     digits, hyphens and underscores
 * @param machineId the number it holds; null when it holds none
 */
public record MachineIdRequest(String holder, @Nullable Integer machineId) {
    /** How many machine numbers a cluster has; they begin with 0. */
    public static final int NUMBERS = 1 << 10;

    private static final Pattern HOLDER = Pattern.compile("[A-Za-z0-9_-]{16,64}");

    /** @throws IllegalArgumentException when it asks for nothing that can be granted; the message says why */
    public MachineIdRequest {
        if (holder == null || !HOLDER.matcher(holder).matches()) {
            throw new IllegalArgumentException("holder must match " + HOLDER);
        }
        if (machineId != null && (machineId < 0 || machineId >= NUMBERS)) {
            throw new IllegalArgumentException("machineId must be between 0 and " + (NUMBERS - 1));
        }
    }
}
