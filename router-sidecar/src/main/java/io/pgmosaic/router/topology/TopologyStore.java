package io.pgmosaic.router.topology;

import io.pgmosaic.router.log.JsonLog;
import io.pgmosaic.router.metrics.TopologyMetrics;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.Map;

/**
 * The topology file for a router that goes on without it: a file that is unusable or cannot be written is a log line and
 * a metric, never the end. Used by one thread.
 */
public final class TopologyStore {
    private final TopologyFile file;
    private final TopologyMetrics metrics;
    private final JsonLog log;
    private boolean failing;

    public TopologyStore(TopologyFile file, TopologyMetrics metrics, JsonLog log) {
        this.file = file;
        this.metrics = metrics;
        this.log = log;
    }

    /** Null when there is none that can be used. */
    TopologyFile.@Nullable Saved read() {
        try {
            return file.read();
        } catch (IOException e) {
            unusable(e);
            return null;
        }
    }

    /** The content was read and turned out to be no topology of this cluster. */
    void unusable(Exception why) {
        metrics.stateFileFailed("read");
        log.error(
                "ignored the topology on disk: nothing to answer from until an operator sends one",
                Map.of("file", file, "cause", String.valueOf(why.getMessage())));
    }

    /** Returns whether it is stored. Says so once when that stops working, and once when it works again. */
    boolean write(TopologyFile.Saved saved) {
        try {
            file.write(saved);
            if (failing) {
                failing = false;
                log.info("the topology can be stored on disk again", Map.of("file", file));
            }
            return true;
        } catch (IOException e) {
            metrics.stateFileFailed("write");
            if (!failing) {
                failing = true;
                log.error(
                        "cannot store the topology on disk: a restart without an operator would have nothing to answer from",
                        Map.of("file", file, "cause", e.toString()));
            }
            return false;
        }
    }
}
