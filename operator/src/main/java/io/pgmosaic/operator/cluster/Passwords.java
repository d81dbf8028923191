package io.pgmosaic.operator.cluster;

import java.security.SecureRandom;
import java.util.Base64;

/** Makes passwords and tokens: 192 random bits as 32 letters, digits, hyphens and underscores. */
final class Passwords {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BYTES = 24;

    private Passwords() {}

    static String generate() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
