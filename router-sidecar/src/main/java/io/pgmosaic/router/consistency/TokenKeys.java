package io.pgmosaic.router.consistency;

import org.jspecify.annotations.Nullable;

import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * The keys of the cluster's tokens: the first one signs, all of them are believed. A line of their file is the key's name, the
 * key in base64, and whatever the operator keeps with it.
 */
final class TokenKeys {
    static final String ALGORITHM = "HmacSHA256";
    static final int MAX_NAME = 32;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1," + MAX_NAME + "}");
    private static final int LEAST_BYTES = 16;

    private final List<TokenKey> keys;

    private TokenKeys(List<TokenKey> keys) {
        this.keys = List.copyOf(keys);
    }

    /** Does not show the key itself in any text form. */
    record TokenKey(String name, SecretKey secret) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** @throws IllegalArgumentException when a line is no key; the message has the line's number and nothing of it */
    static TokenKeys parse(String text) {
        List<TokenKey> keys = new ArrayList<>();
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).isBlank()) {
                keys.add(key(lines.get(i).strip().split("\\s+", -1), i + 1));
            }
        }
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("it holds no key");
        }
        return new TokenKeys(keys);
    }

    private static TokenKey key(String[] words, int line) {
        if (words.length >= 2 && NAME.matcher(words[0]).matches()) {
            byte[] secret;
            try {
                secret = Base64.getDecoder().decode(words[1]);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("line " + line + " holds a key that is not base64", e);
            }
            if (secret.length >= LEAST_BYTES) {
                return new TokenKey(words[0], new SecretKeySpec(secret, ALGORITHM));
            }
        }
        throw new IllegalArgumentException(
                "line " + line + " is not a name and a key of at least " + LEAST_BYTES + " bytes in base64");
    }

    TokenKey signer() {
        return keys.getFirst();
    }

    @Nullable
    TokenKey find(String name) {
        for (TokenKey key : keys) {
            if (key.name().equals(name)) {
                return key;
            }
        }
        return null;
    }

    byte[] derived(String purpose) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(keys.getFirst().secret());
            return mac.doFinal(purpose.getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }
}
