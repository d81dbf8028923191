package io.pgmosaic.instance.log;

import io.pgmosaic.protocol.Json;
import io.pgmosaic.protocol.instance.InstanceIdentity;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes log lines as JSON objects, one a line, with the same keys in every process of the product. */
public final class LogLines {
    private final OutputStream out;
    private final InstanceIdentity identity;
    private long lost;

    public LogLines(OutputStream out, InstanceIdentity identity) {
        this.out = out;
        this.identity = identity;
    }

    /**
     * @param level DEBUG, INFO, WARN, ERROR or FATAL
     * @param fields further keys, written after the common ones
     */
    public void write(Instant time, String level, String logger, String message, Map<String, String> fields) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("ts", time);
        line.put("level", level);
        line.put("logger", logger);
        line.put("message", message);
        line.put("namespace", identity.namespace());
        line.put("cluster", identity.cluster());
        line.put("shard", identity.shard());
        line.put("instance", identity.instance());
        line.putAll(fields);
        synchronized (out) {
            put(Json.write(line));
        }
    }

    /**
     * Whoever logs must not stop because nobody reads: PostgreSQL would stand still in the middle of its own log message.
     * So a line that cannot be written is counted, and the count is written with the next line that can.
     */
    private void put(byte[] json) {
        try {
            if (lost > 0) {
                out.write(("{\"level\":\"WARN\",\"message\":\"" + lost + " log lines were lost\"}\n")
                        .getBytes(StandardCharsets.UTF_8));
                lost = 0;
            }
            out.write(json);
            out.write('\n');
            out.flush();
        } catch (IOException e) {
            lost++;
        }
    }
}
