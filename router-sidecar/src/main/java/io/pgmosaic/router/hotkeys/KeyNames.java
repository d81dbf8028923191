package io.pgmosaic.router.hotkeys;

import io.pgmosaic.routing.key.Key;
import io.pgmosaic.routing.key.KeyValue;
import org.jspecify.annotations.Nullable;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.function.Supplier;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Names for keys that do not tell them: the first 64 bits of a keyed hash. A plain hash would not do, since whoever knows that keys
 * are customers' numbers has hashed all of them in a second. Thread-safe.
 */
public final class KeyNames {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int BYTES = 8;

    private final Supplier<byte @Nullable []> shared;
    private final byte[] own = new byte[32];

    /** @param shared a secret that all routers of the cluster have, so that they give a key one name; null while there is none */
    public KeyNames(Supplier<byte @Nullable []> shared) {
        this.shared = shared;
        new SecureRandom().nextBytes(own);
    }

    /** The key's name, of 16 hexadecimal digits; another one after the secret was replaced. */
    public String of(Key key) {
        byte @Nullable [] secret = shared.get();
        StringBuilder text = new StringBuilder();
        for (KeyValue value : BoundedKey.of(key).values()) {
            String part = value.text();
            text.append(part.length()).append(':').append(part);
        }
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret == null ? own : secret, ALGORITHM));
            return HexFormat.of().formatHex(mac.doFinal(text.toString().getBytes(UTF_8)), 0, BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }
}
