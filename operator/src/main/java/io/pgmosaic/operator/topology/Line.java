package io.pgmosaic.operator.topology;

import io.pgmosaic.protocol.Json;
import io.pgmosaic.protocol.topology.TopologyEvent;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** An event as it is sent, written when the first subscriber needs it and then shared by all. Thread-safe. */
final class Line {
    private final TopologyEvent event;
    private @Nullable Buffer text;

    Line(TopologyEvent event) {
        this.event = event;
    }

    /** Never to be changed. */
    synchronized Buffer text() {
        Buffer written = text;
        if (written == null) {
            written = Buffer.buffer(Json.write(event)).appendByte((byte) '\n');
            text = written;
        }
        return written;
    }
}
