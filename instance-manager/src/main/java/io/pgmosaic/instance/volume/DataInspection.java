package io.pgmosaic.instance.volume;

import io.pgmosaic.protocol.instance.DataDirectory;
import io.pgmosaic.protocol.instance.DataDirectory.State;
import io.pgmosaic.protocol.instance.InstanceIdentity;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Looks at a data directory without changing anything. */
public final class DataInspection {
    private DataInspection() {}

    /**
     * @param imageMajor the major version of the PostgreSQL beside the manager
     * @param stored whose data it is; null when not recorded
     */
    public static DataDirectory inspect(Volume volume, int imageMajor, @Nullable InstanceIdentity stored) {
        try {
            return look(volume, imageMajor, stored);
        } catch (IOException e) {
            return new DataDirectory(State.UNREADABLE, null, null, stored, "cannot read " + volume.root() + ": " + e);
        }
    }

    private static DataDirectory look(Volume volume, int imageMajor, @Nullable InstanceIdentity stored)
            throws IOException {
        if (!Files.isDirectory(volume.root())) {
            throw new IOException("not a directory");
        }
        Path data = volume.data();
        if (!Files.exists(data) || isEmpty(data)) {
            return Files.exists(volume.staging())
                    ? new DataDirectory(State.INCOMPLETE, null, null, stored, "an initdb or base backup was cut short")
                    : new DataDirectory(State.EMPTY, null, null, stored, null);
        }
        Path versionFile = data.resolve("PG_VERSION");
        if (!Files.isRegularFile(versionFile)) {
            return new DataDirectory(
                    State.UNKNOWN, null, null, stored, data + " holds files that are no PostgreSQL data directory");
        }
        int major;
        try {
            major = Integer.parseInt(Files.readString(versionFile).strip());
        } catch (NumberFormatException e) {
            return new DataDirectory(State.UNKNOWN, null, null, stored, versionFile + " holds no version number");
        }
        if (major != imageMajor) {
            return new DataDirectory(
                    State.INCOMPATIBLE,
                    null,
                    major,
                    stored,
                    "the data was written by PostgreSQL " + major + ", this image has PostgreSQL " + imageMajor);
        }
        return new DataDirectory(State.PRESENT, systemIdentifier(data), major, stored, null);
    }

    private static boolean isEmpty(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.findAny().isEmpty();
        }
    }

    /**
     * The system identifier is the first member of PostgreSQL's ControlFileData ({@code src/include/catalog/pg_control.h}),
     * an unsigned 64-bit number in the machine's byte order, in every version; reading it costs no process.
     */
    public static String systemIdentifier(Path data) throws IOException {
        try (InputStream control = Files.newInputStream(data.resolve("global").resolve("pg_control"))) {
            byte[] first = control.readNBytes(Long.BYTES);
            if (first.length < Long.BYTES) {
                throw new IOException("pg_control is cut short");
            }
            return Long.toUnsignedString(
                    ByteBuffer.wrap(first).order(ByteOrder.nativeOrder()).getLong());
        }
    }
}
