package io.pgmosaic.local.platform;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Ends what this process has started when it ends itself, however it ends. A shell in a session of its own reads from
 * a pipe which process groups are alive; when the pipe closes, because its writer is gone, it kills those that are left, and what carries their mark.
 */
final class Reaper implements AutoCloseable {
    private static final String SCRIPT = """
            trap '' HUP INT TERM
            alive=' '
            while read -r change group; do
              case $change in
                +) alive="$alive$group " ;;
                -) alive="${alive%%" $group "*} ${alive#*" $group "}" ;;
              esac
            done
            for group in $alive; do kill -s KILL -- "-$group" 2>/dev/null; done
            for process in $(grep -als -- "$1" /proc/[0-9]*/environ); do
              process=${process#/proc/}
              kill -s KILL "${process%%/environ}" 2>/dev/null
            done
            """;

    private final Process shell;
    private final OutputStream pipe;

    private Reaper(Process shell) {
        this.shell = shell;
        pipe = shell.getOutputStream();
    }

    /** @param mark what the environment of everything that is to end contains; no special characters */
    static Reaper start(String mark) {
        Commands.require("setsid", "util-linux");
        try {
            return new Reaper(new ProcessBuilder(List.of("setsid", "sh", "-c", SCRIPT, "sh", mark))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start the shell that ends processes", e);
        }
    }

    void add(long group) {
        tell("+ " + group + "\n");
    }

    void remove(long group) {
        tell("- " + group + "\n");
    }

    private synchronized void tell(String line) {
        try {
            pipe.write(line.getBytes(StandardCharsets.US_ASCII));
            pipe.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("the shell that ends processes is gone", e);
        }
    }

    @Override
    public synchronized void close() {
        try {
            pipe.close();
            shell.waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close the pipe to the shell that ends processes", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
