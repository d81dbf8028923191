package io.pgmosaic.router.hotkeys;

import io.pgmosaic.routing.key.Key;
import io.pgmosaic.routing.key.KeyValue;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

import static java.nio.charset.StandardCharsets.UTF_8;

/** A key that may be kept: a long text in it is replaced by its SHA-256, so that a thousand of them take no megabytes. */
public final class BoundedKey {
    private static final int LONGEST = 256;

    private BoundedKey() {}

    /** The key itself, in nearly all cases; the same for equal keys in any case. */
    public static Key of(Key key) {
        List<KeyValue> values = key.values();
        for (int i = 0; i < values.size(); i++) {
            if (isLong(values.get(i))) {
                return shortened(values);
            }
        }
        return key;
    }

    private static boolean isLong(KeyValue value) {
        return value instanceof KeyValue.Text text && text.value().length() > LONGEST;
    }

    private static Key shortened(List<KeyValue> values) {
        List<KeyValue> bounded = new ArrayList<>(values.size());
        for (KeyValue value : values) {
            bounded.add(isLong(value) ? new KeyValue.Text("sha256:" + sha256(value.text())) : value);
        }
        return new Key(bounded);
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
