package io.pgmosaic.local.cli;

import io.pgmosaic.local.cluster.Distribution;
import io.pgmosaic.local.demo.Quickstart;
import io.pgmosaic.local.demo.Scenario;
import io.pgmosaic.local.demo.StepFailed;
import io.pgmosaic.local.platform.LogTail;

import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;

/** What the background process of {@code make up} does: sets the quickstart up and keeps it until it is asked to end. */
final class ServeCommand {
    static final String FOLDER = "up";

    private final PrintStream out;

    ServeCommand(PrintStream out) {
        this.out = out;
    }

    int run() {
        Quickstart quickstart = new Quickstart(Distribution.locate(), FOLDER);
        Runtime.getRuntime().addShutdownHook(new Thread(quickstart::close, "end of the cluster"));
        try {
            new Scenario(quickstart.setUp()).run(new Progress(out));
            new Daemon().announce(new Notice(quickstart).text());
            new CountDownLatch(1).await();
            return 0;
        } catch (StepFailed | RuntimeException e) {
            out.println();
            out.println("FAILED: " + e.getMessage());
            quickstart.logs().ifPresent(logs -> LogTail.print(out, logs));
            return 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }
}
