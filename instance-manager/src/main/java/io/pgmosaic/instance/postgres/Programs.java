package io.pgmosaic.instance.postgres;

import io.pgmosaic.instance.log.Excerpt;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** PostgreSQL's own programs, run without a shell, in English, and with nothing of the manager's environment. */
public final class Programs {
    private static final Pattern VERSION = Pattern.compile("\\(PostgreSQL\\) (\\d+)");
    private static final int KEPT_CHARACTERS = 4000;

    private final Path directory;
    private final Path workingDirectory;

    /**
     * @param directory of the programs
     * @param workingDirectory of every program; it is how those that a killed manager left behind are found
     */
    public Programs(Path directory, Path workingDirectory) {
        this.directory = directory;
        this.workingDirectory = workingDirectory;
    }

    public Path directory() {
        return directory;
    }

    /** Asks the server binary for its version. */
    public PostgresVersion version() throws IOException, InterruptedException {
        Process process = start("postgres", List.of("--version"));
        String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        Matcher matcher = VERSION.matcher(answer);
        if (!matcher.find()) {
            throw new IOException(directory.resolve("postgres") + " --version answers '" + answer.strip() + "'");
        }
        return new PostgresVersion(Integer.parseInt(matcher.group(1)));
    }

    /** Sends a signal, by pg_ctl, since Java knows only SIGTERM and SIGKILL; a process that has ended is no error. */
    void signal(String name, long pid) throws IOException, InterruptedException {
        if (ProcessHandle.of(pid).isPresent()) {
            try {
                run("pg_ctl", List.of("kill", name, Long.toString(pid)), "", new Cancellation(), line -> {});
            } catch (ProgramFailedException e) {
                if (ProcessHandle.of(pid).isPresent()) {
                    throw e;
                }
            }
        }
    }

    /** Starts the server on a data directory; its log is the process's error stream. */
    Process startServer(Path data) throws IOException {
        return builder("postgres", List.of("-D", data.toString()))
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private Process start(String program, List<String> arguments) throws IOException {
        return builder(program, arguments).start();
    }

    private ProcessBuilder builder(String program, List<String> arguments) {
        List<String> line = new ArrayList<>();
        line.add(directory.resolve(program).toString());
        line.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(line).directory(workingDirectory.toFile());
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.put("PATH", directory + ":/usr/bin:/bin");
        environment.put("LC_ALL", "C");
        environment.put("TZ", "UTC");
        return builder;
    }

    /**
     * Runs a program to its end.
     *
     * @param input what it reads on standard input
     * @param onError gets each line of its standard error; carriage returns end lines too
     * @return its standard output
     * @throws ProgramFailedException when it exits with anything but 0
     */
    String run(
            String program, List<String> arguments, String input, Cancellation cancellation, Consumer<String> onError)
            throws IOException, InterruptedException {
        cancellation.check();
        Process process = start(program, arguments);
        cancellation.watch(process);
        try {
            ByteArrayOutputStream output = new ByteArrayOutputStream();
            Thread outputReader =
                    Thread.ofPlatform().daemon().name(program + "-out").start(() -> copy(process, output));
            StringBuilder tail = new StringBuilder();
            try (OutputStream standardInput = process.getOutputStream()) {
                standardInput.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                tail.append("(it closed its input: ").append(e.getMessage()).append(")\n");
            }
            readLines(process.getErrorStream(), line -> {
                onError.accept(line);
                tail.append(line).append('\n');
                if (tail.length() > 2 * KEPT_CHARACTERS) {
                    tail.delete(0, tail.length() - KEPT_CHARACTERS);
                }
            });
            int exitCode = process.waitFor();
            outputReader.join();
            cancellation.check();
            if (exitCode != 0) {
                throw new ProgramFailedException(
                        program,
                        exitCode,
                        Excerpt.tail(tail.toString(), KEPT_CHARACTERS).strip());
            }
            return output.toString(StandardCharsets.UTF_8);
        } finally {
            cancellation.unwatch();
            process.destroy();
        }
    }

    private static void copy(Process process, ByteArrayOutputStream output) {
        try (InputStream in = process.getInputStream()) {
            in.transferTo(output);
        } catch (IOException e) {
            output.writeBytes(("(output cut short: " + e.getMessage() + ")").getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void readLines(InputStream in, Consumer<String> onLine) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        byte[] buffer = new byte[4096];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            for (int i = 0; i < read; i++) {
                if (buffer[i] != '\n' && buffer[i] != '\r') {
                    line.write(buffer[i]);
                } else if (line.size() > 0) {
                    onLine.accept(line.toString(StandardCharsets.UTF_8));
                    line.reset();
                }
            }
        }
        if (line.size() > 0) {
            onLine.accept(line.toString(StandardCharsets.UTF_8));
        }
    }
}
