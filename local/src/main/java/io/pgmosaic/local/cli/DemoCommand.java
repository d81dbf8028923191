package io.pgmosaic.local.cli;

import io.pgmosaic.local.cluster.Distribution;
import io.pgmosaic.local.demo.ClusterState;
import io.pgmosaic.local.demo.Quickstart;
import io.pgmosaic.local.demo.StatusTables;
import io.pgmosaic.local.demo.StepFailed;
import io.pgmosaic.local.platform.LogTail;

import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** {@code make demo}: runs the demonstration, tells what happens, and leaves nothing behind. */
final class DemoCommand {
    private static final int INTERRUPTED = 130;

    private final PrintStream out;

    DemoCommand(PrintStream out) {
        this.out = out;
    }

    /** Runs it and returns the exit code: 0 when every step ended well. */
    int run() {
        long began = System.nanoTime();
        Quickstart quickstart = new Quickstart(
                Distribution.locate(), "demo-" + ProcessHandle.current().pid());
        AtomicBoolean ending = new AtomicBoolean();
        Thread atInterrupt = new Thread(
                () -> {
                    if (ending.compareAndSet(false, true)) {
                        quickstart.close();
                        quickstart.deleteFolder();
                    }
                },
                "end of the demo");
        Runtime.getRuntime().addShutdownHook(atInterrupt);
        boolean well = false;
        try {
            quickstart.demonstration().run(new Progress(out));
            out.println();
            ClusterState state = quickstart.state();
            StatusTables.cluster(quickstart.local().client(), state).forEach(out::println);
            out.println();
            StatusTables.instances(state).forEach(out::println);
            well = true;
        } catch (StepFailed | RuntimeException e) {
            if (!ending.get()) { // whoever interrupts it takes away what the steps need
                out.println();
                out.println("FAILED: " + e.getMessage());
                quickstart.logs().ifPresent(logs -> LogTail.print(out, logs));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!ending.compareAndSet(false, true)) {
            return INTERRUPTED;
        }
        quickstart.close();
        out.println();
        if (!well) {
            quickstart.deleteAllButLogs();
            out.println("Nothing is left running."
                    + quickstart.logs().map(logs -> " The logs stay in " + logs).orElse(""));
            return 1;
        }
        quickstart.deleteFolder();
        out.println("Everything as promised: Ready " + Progress.seconds(quickstart.timeToReady())
                + " after it was asked for, the whole demo in "
                + Progress.seconds(Duration.ofNanos(System.nanoTime() - began)) + ". Nothing is left running.");
        return 0;
    }
}
