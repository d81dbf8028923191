package io.pgmosaic.instance.volume;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Held for as long as the process lives, so that two managers never work on one volume. */
public final class VolumeLock implements AutoCloseable {
    private final FileChannel channel;

    private VolumeLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * @throws IOException when another process holds it or the volume cannot be written
     */
    public static VolumeLock acquire(Path volume) throws IOException {
        FileChannel channel =
                FileChannel.open(volume.resolve("manager.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        if (lock == null) {
            channel.close();
            throw new IOException("another instance manager works on " + volume);
        }
        return new VolumeLock(channel);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
