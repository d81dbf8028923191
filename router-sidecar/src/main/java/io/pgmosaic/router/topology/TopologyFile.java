package io.pgmosaic.router.topology;

import com.fasterxml.jackson.annotation.JsonCreator;
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
import java.util.Map;
import java.util.Objects;

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

    /**
     * All times are by this machine's clock.
     *
     * @param heard when an operator said last that this is current, as far as that is stored; when this was saved, in a file of an
     *     earlier version
     * @param found of the shards that are as their servers said when they were asked, when that was; of the others an operator told
     */
    public record Saved(KnownTopology known, Instant savedAt, Instant heard, Map<String, Instant> found) {
        @JsonCreator
        public Saved(
                KnownTopology known, Instant savedAt, @Nullable Instant heard, @Nullable Map<String, Instant> found) {
            this.known = Objects.requireNonNull(known, "known");
            this.savedAt = Objects.requireNonNull(savedAt, "savedAt");
            this.heard = heard == null ? savedAt : heard;
            this.found = found == null ? Map.of() : Map.copyOf(found);
        }
    }

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
