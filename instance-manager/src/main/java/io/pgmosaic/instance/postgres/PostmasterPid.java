package io.pgmosaic.instance.postgres;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What the server tells of itself in {@code postmaster.pid}.
 *
 * @param status {@code starting}, {@code stopping}, {@code ready} or {@code standby} (up, but not yet open for reads);
 *     empty before the server wrote it
 */
record PostmasterPid(long pid, String status) {
    private static final int STATUS_LINE = 7;

    /** @return null when there is none or it is half written */
    static @Nullable PostmasterPid read(Path data) {
        try {
            List<String> lines = Files.readAllLines(data.resolve("postmaster.pid"));
            if (lines.isEmpty()) {
                return null;
            }
            String status = lines.size() > STATUS_LINE ? lines.get(STATUS_LINE).strip() : "";
            return new PostmasterPid(Long.parseLong(lines.getFirst().strip()), status);
        } catch (IOException | NumberFormatException notThere) {
            return null;
        }
    }

    boolean ready() {
        return status.equals("ready");
    }
}
