package io.pgmosaic.instance.postgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

/**
 * The WAL receivers of a server, as processes: SQL cannot tell that there is none, only that none has got as far as its
 * view.
 */
final class Receivers {
    private Receivers() {}

    /**
     * Ends every receiver of the server, and returns at a moment at which there is none. One that the server starts
     * afterwards is not hindered by this.
     *
     * @return false when one did not end in time
     */
    static boolean end(ProcessHandle postmaster, Duration patience) throws IOException, InterruptedException {
        byte[] untitled = title(postmaster.pid());
        return Poll.until(
                () -> {
                    boolean none = true;
                    for (ProcessHandle child : postmaster.children().toList()) {
                        byte[] title = title(child.pid());
                        if (isReceiver(title)) {
                            none = false;
                            child.destroy();
                        } else if (untitled.length > 0 && Arrays.equals(title, untitled)) {
                            // Just forked: what it will be is not known yet.
                            none = false;
                        }
                    }
                    return none;
                },
                patience);
    }

    /** {@code postgres: <cluster_name>: walreceiver ...}; a session's title goes on with a user's name there. */
    private static boolean isReceiver(byte[] title) {
        String[] words = new String(title, StandardCharsets.UTF_8).split(" ", 4);
        return words.length > 2
                && words[0].equals("postgres:")
                && words[2].strip().equals("walreceiver");
    }

    /** Empty when the process has ended. */
    private static byte[] title(long pid) {
        try {
            byte[] line = Files.readAllBytes(Path.of("/proc", Long.toString(pid), "cmdline"));
            int end = line.length;
            while (end > 0 && (line[end - 1] == 0 || line[end - 1] == ' ')) {
                end--;
            }
            return Arrays.copyOf(line, end);
        } catch (IOException ended) {
            return new byte[0];
        }
    }
}
