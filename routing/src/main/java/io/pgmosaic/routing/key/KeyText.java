package io.pgmosaic.routing.key;

import io.pgmosaic.routing.key.InvalidKeyException.Reason;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.HexFormat;
import java.util.UUID;

/** Reads values from the text forms that requests use. */
final class KeyText {
    private static final int SHOWN = 40;
    private static final int UUID_LENGTH = 36;

    private KeyText() {}

    static KeyValue bigint(String text) {
        if (text.isEmpty()) {
            throw new InvalidKeyException(Reason.EMPTY, "is empty; write a whole number");
        }
        int first = text.charAt(0) == '-' ? 1 : 0;
        boolean digits = first < text.length();
        for (int i = first; i < text.length(); i++) {
            // Not Character.isDigit: PostgreSQL takes ASCII digits alone, Long.parseLong those of every script.
            digits &= text.charAt(i) >= '0' && text.charAt(i) <= '9';
        }
        if (!digits) {
            throw new InvalidKeyException(Reason.WRONG_TYPE, "is not a whole number: " + shown(text));
        }
        try {
            return new KeyValue.Bigint(Long.parseLong(text));
        } catch (NumberFormatException outOfRange) {
            throw new InvalidKeyException(
                    Reason.OUT_OF_RANGE,
                    "is outside bigint's range (%d to %d): %s".formatted(Long.MIN_VALUE, Long.MAX_VALUE, shown(text)),
                    outOfRange);
        }
    }

    /** The empty text is a value like any other. */
    static KeyValue text(String text) {
        try {
            return new KeyValue.Text(text);
        } catch (IllegalArgumentException unstorable) {
            throw new InvalidKeyException(
                    Reason.ILL_FORMED, "cannot be stored by PostgreSQL: " + unstorable.getMessage(), unstorable);
        }
    }

    static KeyValue uuid(String text) {
        if (text.isEmpty()) {
            throw new InvalidKeyException(Reason.EMPTY, "is empty; write a UUID");
        }
        boolean wellFormed = text.length() == UUID_LENGTH;
        for (int i = 0; wellFormed && i < UUID_LENGTH; i++) {
            boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
            wellFormed = dash ? text.charAt(i) == '-' : HexFormat.isHexDigit(text.charAt(i));
        }
        if (!wellFormed) {
            // Checked here since UUID.fromString takes "1-1-1-1-1" and cuts what is too long.
            throw new InvalidKeyException(
                    Reason.WRONG_TYPE, "is not a UUID of the form 8-4-4-4-12 hexadecimal digits: " + shown(text));
        }
        return new KeyValue.Uuid(UUID.fromString(text));
    }

    /** The offset is required: without it the value would depend on who reads it. */
    static KeyValue timestamp(String text) {
        if (text.isEmpty()) {
            throw new InvalidKeyException(Reason.EMPTY, "is empty; write a time such as 2026-01-31T12:00:00Z");
        }
        Instant instant;
        try {
            instant = OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException unreadable) {
            throw new InvalidKeyException(
                    Reason.WRONG_TYPE,
                    "is not a time with an offset, such as 2026-01-31T12:00:00Z: " + shown(text),
                    unreadable);
        }
        try {
            return new KeyValue.Timestamp(instant);
        } catch (IllegalArgumentException unstorable) {
            throw new InvalidKeyException(
                    Reason.OUT_OF_RANGE, unstorable.getMessage() + ": " + shown(text), unstorable);
        }
    }

    private static String shown(String text) {
        if (text.length() <= SHOWN) {
            return '"' + text + '"';
        }
        return '"' + text.substring(0, SHOWN) + "\"... (" + text.length() + " characters)";
    }
}
