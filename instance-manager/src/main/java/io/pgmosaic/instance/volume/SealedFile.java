package io.pgmosaic.instance.volume;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgmosaic.protocol.Json;
import io.pgmosaic.protocol.MalformedJsonException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * One record in one small JSON file, {@code {"content": ..., "sha256": ...}}, replaced whole. Reading gives exactly a value
 * that was once written, or nothing when none was, or fails.
 */
public final class SealedFile<T> {
    private final Path path;
    private final Class<T> type;

    public SealedFile(Path path, Class<T> type) {
        this.path = path;
        this.type = type;
    }

    /**
     * @return empty when the file is not there
     * @throws UnreadableFileException when it is there and is not what was written
     */
    public Optional<T> read() throws UnreadableFileException {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(path);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UnreadableFileException(path, "cannot be read (" + e + ")", e);
        }
        try {
            JsonNode envelope = Json.read(bytes, JsonNode.class);
            JsonNode content = envelope.path("content");
            byte[] canonical = Json.write(content);
            if (!digest(canonical).equals(envelope.path("sha256").asText())) {
                throw new UnreadableFileException(path, "does not match its own checksum", null);
            }
            return Optional.of(Json.read(canonical, type));
        } catch (MalformedJsonException e) {
            throw new UnreadableFileException(path, "is not what was written there (" + e.getMessage() + ")", e);
        }
    }

    /** On return the value is on the disk. */
    public void write(T value) throws IOException {
        JsonNode content = Json.read(Json.write(value), JsonNode.class);
        ObjectNode envelope = JsonNodeFactory.instance.objectNode();
        envelope.set("content", content);
        envelope.put("sha256", digest(Json.write(content)));
        DurableFiles.replace(path, Json.write(envelope));
    }

    private static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
