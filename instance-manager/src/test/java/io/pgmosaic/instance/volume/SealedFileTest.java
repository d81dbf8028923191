package io.pgmosaic.instance.volume;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class SealedFileTest {
    @TempDir
    private Path directory;

    private Path path() {
        return directory.resolve("promise.json");
    }

    private SealedFile<Promise> file() {
        return new SealedFile<>(path(), Promise.class);
    }

    @Test
    void givesBackWhatWasWrittenLast() throws IOException {
        assertThat(file().read()).isEmpty();
        file().write(new Promise(3));
        file().write(new Promise(Long.MAX_VALUE));
        assertThat(file().read()).contains(new Promise(Long.MAX_VALUE));
    }

    @Test
    void aFileCutShortAnywhereIsRecognised() throws IOException {
        file().write(new Promise(41));
        byte[] whole = Files.readAllBytes(path());
        for (int length = 0; length < whole.length; length++) {
            Files.write(path(), java.util.Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> file().read())
                    .describedAs("cut to %d of %d bytes", length, whole.length)
                    .isInstanceOf(UnreadableFileException.class)
                    .hasMessageContaining("promise.json")
                    .hasMessageContaining("cloned anew");
        }
    }

    @Test
    void aChangedByteIsRecognisedOrChangesNothing() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        file().write(new Promise(41));
        byte[] whole = Files.readAllBytes(path());
        for (int position = 0; position < whole.length; position++) {
            byte[] changed = whole.clone();
            changed[position] ^= (byte) (1 << random.nextInt(8));
            Files.write(path(), changed);
            Optional<Promise> read;
            try {
                read = file().read();
            } catch (UnreadableFileException expected) {
                continue;
            }
            assertThat(read).describedAs("byte %d, seed %d", position, seed).contains(new Promise(41));
        }
    }

    @Test
    void aCrashBeforeTheRenameLeavesTheOldOne() throws IOException {
        file().write(new Promise(5));
        byte[] whole = Files.readAllBytes(path());
        for (int length = 0; length <= whole.length; length++) {
            Files.write(directory.resolve("promise.json.new"), java.util.Arrays.copyOf(whole, length));
            assertThat(file().read()).contains(new Promise(5));
        }
        file().write(new Promise(6));
        assertThat(file().read()).contains(new Promise(6));
    }

    @Test
    void aMissingPromiseBesideDataIsNotTakenForNone() throws IOException {
        Volume volume = new Volume(directory);
        Files.createDirectories(volume.data());
        Files.writeString(volume.data().resolve("PG_VERSION"), "15\n");
        assertThat(StoredState.read(volume)).isEqualTo(new StoredState(0, null, null));
        volume.promise().write(new Promise(2));
        assertThatThrownBy(() -> StoredState.read(volume)).hasMessageContaining("identity.json is missing");
    }
}
