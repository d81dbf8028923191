package io.pgmosaic.operator.migration.sql;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** One statement that a migration may run, and how. */
public record SqlStatement(String text, Manner manner) {
    /** @throws RefusedSqlException when it is not one, or one that a migration does not run */
    public static SqlStatement of(String text) throws RefusedSqlException {
        return new SqlStatement(text, StatementRules.manner(text));
    }

    /** By which a text that was run is known again: SHA-256 in hexadecimal. */
    public String checksum() {
        return checksum(text);
    }

    public static String checksum(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
