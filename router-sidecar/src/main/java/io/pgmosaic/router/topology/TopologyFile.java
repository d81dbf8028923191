package io.pgmosaic.router.topology;

import io.pgmosaic.protocol.Json;
import io.pgmosaic.protocol.MalformedJsonException;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;

/**
 * The last topology on disk, whole or not at all: a crash leaves the file before or the file after. Holds no secret.
 */
public final class TopologyFile {
    private final Path directory;
    private final Path file;

    public TopologyFile(Path directory) {
        this.directory = directory;
        this.file = directory.resolve("topology.json");
    }

    /** @param savedAt by this machine's clock */
    public record Saved(KnownTopology known, Instant savedAt) {}

    /**
     * Null when there is no file.
     *
     * @throws MalformedJsonException when the file does not hold what {@link #write} wrote
     * @throws IOException when it cannot be read
     */
    public @Nullable Saved read() throws IOException {
        if (Files.notExists(file)) {
            return null;
        }
        return Json.read(Files.readAllBytes(file), Saved.class);
    }

    /** Returns when the content is on the disk, not merely in the system's cache. */
    public void write(Saved saved) throws IOException {
        Files.createDirectories(directory);
        Path temporary = directory.resolve("topology.json.new");
        try (FileChannel channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer content = ByteBuffer.wrap(Json.write(saved));
            while (content.hasRemaining()) {
                channel.write(content);
            }
            channel.force(true);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel entry = FileChannel.open(directory, StandardOpenOption.READ)) {
            entry.force(true);
        }
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
