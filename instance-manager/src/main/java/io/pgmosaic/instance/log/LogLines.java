package io.pgmosaic.instance.log;

import io.pgmosaic.protocol.Json;
import io.pgmosaic.protocol.instance.InstanceIdentity;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes log lines as JSON objects, one a line, with the same keys in every process of the product. */
public final class LogLines {
    private final OutputStream out;
    private final InstanceIdentity identity;

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
        byte[] json = Json.write(line);
        byte[] whole = new byte[json.length + 1];
        System.arraycopy(json, 0, whole, 0, json.length);
        whole[json.length] = '\n';
        synchronized (out) {
            try {
                out.write(whole);
                out.flush();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException("standard output is gone", e);
            }
        }
    }
}
