package io.pgmosaic.routing.bench;

import io.pgmosaic.testing.ThrowawayPostgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs one statement over and over through pgbench. */
final class Pgbench {
    private static final Pattern THROUGHPUT = Pattern.compile("^tps = ([0-9.]+)", Pattern.MULTILINE);

    private final ThrowawayPostgres server;
    private final String database;
    private final int clients;
    private final int seconds;

    Pgbench(ThrowawayPostgres server, String database, int clients, int seconds) {
        this.server = server;
        this.database = database;
        this.clients = clients;
        this.seconds = seconds;
    }

    /**
     * Runs the scripts beside each other, each in a pgbench of its own with as many clients, so that whatever else the
     * machine does in the meantime slows all of them down.
     *
     * @return transactions a second of each; not one of them failed
     */
    List<Double> together(List<String> scripts) throws IOException, InterruptedException {
        List<Path> files = new ArrayList<>();
        List<Process> processes = new ArrayList<>();
        try {
            for (String script : scripts) {
                Path file = Files.createTempFile("pgmosaic-bench-", ".sql");
                files.add(file);
                Files.writeString(file, script);
                processes.add(start(file));
            }
            List<Double> throughputs = new ArrayList<>();
            for (Process process : processes) {
                throughputs.add(throughput(process));
            }
            return throughputs;
        } finally {
            processes.forEach(Process::destroy);
            for (Path file : files) {
                Files.delete(file);
            }
        }
    }

    private Process start(Path file) throws IOException {
        Process process = new ProcessBuilder(
                        server.binaries().program("pgbench"),
                        "--no-vacuum",
                        "--protocol=prepared",
                        "--client=" + clients,
                        "--jobs=1",
                        "--time=" + seconds,
                        "--file=" + file,
                        "--host=127.0.0.1",
                        "--port=" + server.port(),
                        "--username=postgres",
                        database)
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        return process;
    }

    private static double throughput(Process process) throws IOException, InterruptedException {
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Matcher throughput = THROUGHPUT.matcher(said);
        if (process.waitFor() != 0 || !throughput.find()) {
            throw new IllegalStateException("pgbench failed: " + said);
        }
        return Double.parseDouble(throughput.group(1));
    }
}
