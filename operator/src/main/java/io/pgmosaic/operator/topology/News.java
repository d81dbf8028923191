package io.pgmosaic.operator.topology;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

import java.util.List;

/** What a subscriber has to be sent; shared by all that are at the same place. Thread-safe. */
final class News {
    enum Kind {
        /** There is no topology now. */
        NO_PICTURE,
        /** All shards that changed, perhaps none. */
        CHANGES,
        /** The whole picture instead of changes. */
        PICTURE
    }

    private final Kind kind;
    private final List<Line> lines;
    private final long upTo;
    private @Nullable Buffer text;

    /** @param upTo where the subscriber is when it has the lines */
    News(Kind kind, List<Line> lines, long upTo) {
        this.kind = kind;
        this.lines = List.copyOf(lines);
        this.upTo = upTo;
    }

    Kind kind() {
        return kind;
    }

    long upTo() {
        return upTo;
    }

    boolean isEmpty() {
        return lines.isEmpty();
    }

    /** All lines, never to be changed: sent by one write, since many shards would cost as many otherwise, each second. */
    synchronized Buffer text() {
        Buffer written = text;
        if (written == null) {
            written = Buffer.buffer();
            for (Line line : lines) {
                written.appendBuffer(line.text());
            }
            text = written;
        }
        return written;
    }
}
