package io.pgmosaic.instance.bench;

import io.pgmosaic.instance.harness.TestManager;
import io.pgmosaic.instance.harness.TestShard;
import io.pgmosaic.protocol.Json;
import io.pgmosaic.protocol.instance.PostgresConfiguration;
import io.pgmosaic.protocol.instance.PostgresState.ServerState;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Measures how much memory the manager takes and how soon it takes commands; appends JSON lines to a file. */
public final class ManagerBench {
    private static final int STARTS = 7;
    private static final int POLLS = 25;
    private static final int SETTLED_AFTER_POLLS = 15;
    private static final long POLL_MILLIS = 1000;

    private ManagerBench() {}

    /** @param arguments the file to append to */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path file = Path.of(arguments[0]);
        try (TestShard shard = new TestShard()) {
            TestManager manager = shard.manager(0);
            List<Double> starts = new ArrayList<>();
            for (int i = 0; i < STARTS; i++) {
                long begun = System.nanoTime();
                manager.start();
                starts.add((System.nanoTime() - begun) / 1e9);
                manager.terminate();
            }
            append(
                    file,
                    "manager.start.s",
                    median(starts),
                    "s",
                    "median of " + STARTS
                            + " starts on an empty volume, process start to the first answered GET /v1/status over mutual TLS");

            manager.start();
            manager.make(manager.bootstrap(1, new PostgresConfiguration(1, Map.of(), "", List.of(), true)));
            List<Double> resident = new ArrayList<>();
            List<Double> answers = new ArrayList<>();
            for (int i = 0; i < POLLS; i++) {
                Thread.sleep(POLL_MILLIS);
                long begun = System.nanoTime();
                if (manager.status().postgres().state() != ServerState.RUNNING) {
                    throw new IllegalStateException("PostgreSQL does not run");
                }
                if (i >= SETTLED_AFTER_POLLS) {
                    answers.add((System.nanoTime() - begun) / 1e6);
                    resident.add(residentMib(manager.process().pid()));
                }
            }
            append(
                    file,
                    "manager.rss.mib",
                    median(resident),
                    "MiB",
                    "VmRSS of the manager's JVM while PostgreSQL runs"
                            + " and its status is asked once a second, median from second " + SETTLED_AFTER_POLLS
                            + " to "
                            + POLLS);
            append(
                    file,
                    "manager.status.ms",
                    median(answers),
                    "ms",
                    "GET /v1/status of a running primary over a kept" + " connection, median of " + answers.size());
        }
    }

    /** The launcher becomes the JVM (exec), so its process id is the JVM's. */
    private static double residentMib(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                        .findFirst()
                        .orElseThrow()
                / 1024.0;
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }

    private static void append(Path file, String name, double value, String unit, String how) throws IOException {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("name", name);
        line.put("value", BigDecimal.valueOf(value).setScale(3, RoundingMode.HALF_UP));
        line.put("unit", unit);
        line.put("how", how);
        String text = new String(Json.write(line), StandardCharsets.UTF_8) + "\n";
        Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
