package io.pgmosaic.local.platform;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/** Starts processes that lead a session of their own and end with this one. */
public final class Spawner implements AutoCloseable {
    private final String mark = Processes.MARK + "=" + UUID.randomUUID();
    private final Reaper reaper = Reaper.start(mark);
    private final AtomicInteger count = new AtomicInteger();

    /**
     * What to start.
     *
     * @param environment the whole environment; nothing is inherited
     * @param log receives both outputs, appended
     */
    public record Launch(List<String> command, Map<String, String> environment, Path folder, Path log) {}

    /**
     * Starts a process as {@code account}.
     *
     * @throws IOException when it cannot be started
     */
    public ProcessFamily start(Launch launch, Account account) throws IOException {
        List<String> command = new ArrayList<>(List.of("setsid"));
        command.addAll(account.wrap(launch.command()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(launch.folder().toFile())
                .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(launch.log().toFile()));
        builder.environment().clear();
        builder.environment().putAll(launch.environment());
        String familyMark = mark + "-" + count.incrementAndGet();
        builder.environment().put(Processes.MARK, familyMark.substring(Processes.MARK.length() + 1));
        Process process = builder.start();
        reaper.add(process.pid());
        return new ProcessFamily(process, familyMark, reaper);
    }

    /** Kills what still runs. */
    @Override
    public void close() {
        reaper.close();
    }
}
