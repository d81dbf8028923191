package io.pgmosaic.testing;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class PostgresBinariesTest {
    @TempDir
    private Path folder;

    private Path install(String directory) throws IOException {
        Path bin = Files.createDirectories(folder.resolve(directory));
        for (String program : Set.of("postgres", "initdb")) {
            Files.setPosixFilePermissions(
                    Files.createFile(bin.resolve(program)), PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        return bin.toRealPath();
    }

    @Test
    void saysInOneLineWhatToInstall() {
        assertThatIllegalStateException()
                .isThrownBy(() -> PostgresBinaries.find(folder.toString(), folder.resolve("none")))
                .withMessageEndingWith("install it with: apt-get install postgresql")
                .satisfies(refusal -> assertThat(refusal.getMessage()).doesNotContain("\n"));
    }

    @Test
    void takesTheNewestOfDebian() throws IOException {
        install("9/bin");
        install("15/bin");
        Path newest = install("17/bin");
        assertThat(PostgresBinaries.find("", folder).directory()).isEqualTo(newest);
    }

    @Test
    void followsALinkOnThePathToItsCompanions() throws IOException {
        Path bin = install("real");
        Path links = Files.createDirectory(folder.resolve("links"));
        Files.createSymbolicLink(links.resolve("postgres"), bin.resolve("postgres"));
        assertThat(PostgresBinaries.find("/nowhere:" + links, folder.resolve("none"))
                        .directory())
                .isEqualTo(bin);
    }
}
