package io.pgmosaic.local.cli;

import io.pgmosaic.local.platform.StateFolder;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.concurrent.locks.LockSupport;

/**
 * The background process of {@code make up}. It is found again by a file with its process id and start time, so that a
 * reused id is not taken for it.
 */
final class Daemon {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final Path folder = StateFolder.open("control");

    /** What the running cluster has to say of itself. */
    Path notice() {
        return folder.resolve("notice.txt");
    }

    /** Kubeconfig of the running cluster. */
    Path kubeconfig() {
        return StateFolder.open(ServeCommand.FOLDER).resolve("kubeconfig");
    }

    Path log() {
        return folder.resolve("up.log");
    }

    Optional<ProcessHandle> find() {
        try {
            if (!Files.exists(identity())) {
                return Optional.empty();
            }
            List<String> identity = Files.readAllLines(identity());
            return ProcessHandle.of(Long.parseLong(identity.getFirst()))
                    .filter(ProcessHandle::isAlive)
                    .filter(process -> startOf(process).equals(identity.get(1)));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + identity(), e);
        }
    }

    /** Starts it in a session of its own, so that it survives the terminal. */
    ProcessHandle start() {
        List<String> command = new ArrayList<>(List.of("setsid"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        try {
            command.addAll(List.of("-cp", copyOfProgram(), Main.class.getName(), "serve"));
            Files.deleteIfExists(notice());
            Files.deleteIfExists(log());
            Process process = new ProcessBuilder(command)
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                    .redirectErrorStream(true)
                    .redirectOutput(log().toFile())
                    .start();
            ProcessHandle handle = process.toHandle();
            Files.write(identity(), List.of(Long.toString(handle.pid()), startOf(handle)));
            return handle;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start the background process", e);
        }
    }

    /** A build replaces the files of the class path; what runs for hours has files of its own. */
    private String copyOfProgram() throws IOException {
        Path program = folder.resolve("program");
        Files.createDirectories(program);
        StringJoiner copies = new StringJoiner(File.pathSeparator);
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path source = Path.of(entry);
            if (Files.isRegularFile(source)) {
                Path copy = program.resolve(source.getFileName().toString());
                Files.copy(source, copy, StandardCopyOption.REPLACE_EXISTING);
                copies.add(copy.toString());
            } else {
                copies.add(entry);
            }
        }
        return copies.toString();
    }

    /** Writes the notice, which says that the cluster can be used. */
    void announce(String text) {
        try {
            Path next = folder.resolve("notice.next");
            Files.writeString(next, text);
            Files.move(next, notice(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + notice(), e);
        }
    }

    /** Copies the log to {@code out} until the notice is there or the process has ended; true for the notice. */
    boolean follow(ProcessHandle process, PrintStream out) {
        int shown = 0;
        while (true) {
            boolean announced = Files.exists(notice());
            boolean ended = !process.isAlive();
            byte[] log = read(log());
            out.write(log, shown, log.length - shown);
            out.flush();
            shown = log.length;
            if (announced || ended) {
                return announced;
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    /** Ends it and waits for its end; false when it had to be killed. */
    boolean stop(ProcessHandle process) {
        process.destroy();
        Instant deadline = Instant.now().plus(PATIENCE);
        while (process.isAlive() && Instant.now().isBefore(deadline)) {
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        boolean ended = !process.isAlive();
        process.destroyForcibly();
        return ended;
    }

    String noticeText() {
        return new String(read(notice()), StandardCharsets.UTF_8);
    }

    private static byte[] read(Path file) {
        try {
            return Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private Path identity() {
        return folder.resolve("up.pid");
    }

    private static String startOf(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toString).orElse("unknown");
    }
}
