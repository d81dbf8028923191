package io.pgmosaic.checker;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What all clients did, in the order in which it ended. */
public final class History {
    private final List<Operation> operations = new ArrayList<>();
    private final Map<String, Long> lastAcknowledgedWrite = new ConcurrentHashMap<>();

    public synchronized void add(Operation operation) {
        operations.add(operation);
        String shard = operation.shard();
        if (operation.isWrite() && operation.isAcknowledged()) {
            lastAcknowledgedWrite.merge(shard, operation.began(), Math::max);
        }
    }

    public synchronized List<Operation> operations() {
        return List.copyOf(operations);
    }

    /** Whether a write that began after this moment was acknowledged. */
    public boolean hasWrittenSince(String shard, long moment) {
        Long last = lastAcknowledgedWrite.get(shard);
        return last != null && last > moment;
    }

    /** Writes it down, one operation a line. */
    public void save(Path file) {
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (Operation operation : operations()) {
                out.write(operation.toString());
                out.newLine();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
