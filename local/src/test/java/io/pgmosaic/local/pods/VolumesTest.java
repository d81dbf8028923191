package io.pgmosaic.local.pods;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

final class VolumesTest {
    private static final int MEGABYTE = 1 << 20;

    @TempDir
    Path dir;

    @Test
    void aLimitedVolumeIsFullAtItsSizeAndGoneWhenItIsRemoved() throws IOException {
        assumeTrue(Volumes.canLimit(), "only root can give a volume a size");
        Path folder = dir.resolve("volume");
        try (Volumes volumes = Volumes.limited()) {
            volumes.make(folder, MEGABYTE);
            Files.write(folder.resolve("half"), new byte[MEGABYTE / 2]);
            volumes.make(folder, MEGABYTE);
            assertThat(folder.resolve("half")).hasSize(MEGABYTE / 2);
            assertThatThrownBy(() -> Files.write(folder.resolve("too much"), new byte[MEGABYTE]))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("No space left");

            volumes.remove(folder);
            assertThat(folder).doesNotExist();
        }
    }

    @Test
    void whatIsInALimitedVolumeIsGoneAtTheEnd() throws IOException {
        assumeTrue(Volumes.canLimit(), "only root can give a volume a size");
        Path folder = dir.resolve("volume");
        try (Volumes volumes = Volumes.limited()) {
            volumes.make(folder, MEGABYTE);
            Files.writeString(folder.resolve("file"), "x");
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aFolderStaysUntilItIsRemoved() throws IOException {
        Path folder = dir.resolve("volume");
        try (Volumes volumes = Volumes.folders()) {
            volumes.make(folder, 1);
            Files.writeString(folder.resolve("file"), "more than one byte");
        }
        assertThat(folder.resolve("file")).exists();
        try (Volumes volumes = Volumes.folders()) {
            volumes.remove(folder);
        }
        assertThat(folder).doesNotExist();
    }
}
