package io.pgmosaic.instance.postgres;

import io.pgmosaic.protocol.Lsn;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

import static org.assertj.core.api.Assertions.assertThat;

/** A log that ends inside a record, which goes on in a segment that is not there. */
final class LogFilesTest {
    private static final int SIZE = 1 << 20;
    private static final int PAGE = 8192;
    private static final Lsn END = Lsn.parse("1/FFF12348");

    @TempDir
    Path data;

    private Path segment;

    @BeforeEach
    void fill() throws IOException {
        Files.createDirectory(data.resolve("pg_wal"));
        segment = data.resolve("pg_wal/000000020000000100000FFF");
        write(0x1_FFF0_0000L);
    }

    private void write(long start) throws IOException {
        byte[] content = new byte[SIZE];
        Arrays.fill(content, (byte) 7);
        ByteBuffer pages = ByteBuffer.wrap(content).order(ByteOrder.nativeOrder());
        for (int at = 0; at < SIZE; at += PAGE) {
            pages.putLong(at + 8, start + at);
        }
        Files.write(segment, content);
    }

    @Test
    void aSegmentIsFullWhenItsLastPageIsItsOwn() throws IOException {
        assertThat(LogFiles.fillsSegmentOf(data, 2, END)).isTrue();
        assertThat(LogFiles.fillsSegmentOf(data, 1, END)).isFalse();
        write(0x1_0000_0000L);
        assertThat(LogFiles.fillsSegmentOf(data, 2, END)).as("used before").isFalse();
    }

    @Test
    void whatFollowsTheEndIsTakenAwayAndNothingElse() throws IOException {
        byte[] before = Files.readAllBytes(segment);
        LogFiles.cut(data, 2, END);
        byte[] after = Files.readAllBytes(segment);
        assertThat(after).hasSize(SIZE);
        assertThat(Arrays.copyOf(after, 0x12348)).isEqualTo(Arrays.copyOf(before, 0x12348));
        assertThat(Arrays.copyOfRange(after, 0x12348, SIZE)).containsOnly(0);
        assertThat(LogFiles.fillsSegmentOf(data, 2, END)).isFalse();
    }

    @Test
    void aSegmentThatIsNotThereNeedsNoCut() throws IOException {
        LogFiles.cut(data, 3, END);
        assertThat(data.resolve("pg_wal")).isDirectoryContaining(file -> file.equals(segment));
    }
}
